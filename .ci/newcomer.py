"""A newcomer's first minutes: ``make run``, an incident and a note by an IRC client, Ctrl-C, and the report."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SERVER = ("127.0.0.1", 6667)
CHANNEL = "#incidents"
START_SECONDS = 60
ANSWER_SECONDS = 15
END_SECONDS = 15
NOTE = "first 500s in the logs"


class Client:
    """A connection that says what is typed and waits for what must come; both are printed."""

    def __init__(self) -> None:
        self._socket = socket.create_connection(SERVER, timeout=ANSWER_SECONDS)
        self._lines = self._socket.makefile("r", encoding="utf-8", newline="\r\n")

    def send(self, line: str) -> None:
        self._socket.sendall(f"{line}\r\n".encode())

    def expect(self, *parts: str) -> str:
        """The next line with all the parts in it; ends the program when none comes."""
        try:
            for line in self._lines:
                if all(part in line for part in parts):
                    return line.rstrip()
        except TimeoutError:
            pass
        sys.exit(f"The line with {parts} did not come within {ANSWER_SECONDS} s.")

    def join(self, nick: str) -> None:
        self.send(f"NICK {nick}\r\nUSER {nick} 0 * :{nick}\r\nJOIN {CHANNEL}")
        self.expect(f" 366 {nick} {CHANNEL} ")

    def ask(self, text: str, *answer: str) -> None:
        self.send(f"PRIVMSG {CHANNEL} :{text}")
        print(f"<alice>    {text}", flush=True)
        heard = self.expect(f"PRIVMSG {CHANNEL} :", *answer)
        print(f"<irscribe> {heard.partition(f' {CHANNEL} :')[2]}", flush=True)


@contextmanager
def running_bot() -> Iterator[None]:
    """``make run`` as in a terminal of its own: ready at the beginning, ended with Ctrl-C."""
    with subprocess.Popen(["make", "run"], stdout=subprocess.PIPE, text=True, start_new_session=True) as make:
        overdue = threading.Timer(START_SECONDS, os.killpg, (make.pid, signal.SIGKILL))
        overdue.start()
        for line in make.stdout:
            print(line, end="", flush=True)
            if line == "ready\n":
                break
        else:
            sys.exit("make run ended, or was ended, before it was ready.")
        overdue.cancel()
        try:
            yield
        finally:
            os.killpg(make.pid, signal.SIGINT)
            overdue = threading.Timer(END_SECONDS, os.killpg, (make.pid, signal.SIGKILL))
            overdue.start()
            make.wait()
            overdue.cancel()
    if make.returncode == -signal.SIGKILL:
        sys.exit(f"make run was not at its end {END_SECONDS} s after Ctrl-C.")


def report() -> str:
    command = [".venv/bin/python", "bot.py", "export", "1", "--format", "text"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def main() -> None:
    with running_bot():
        client = Client()
        client.join("alice")
        client.ask("!incident start API returns 500", "Incident 1 ", "API returns 500")
        client.ask(f"!log -10m {NOTE}", "#2 ", " logged")
    if NOTE not in report():
        sys.exit("The note that was acknowledged is not in the report.")
    print("The note is in the report.", flush=True)


if __name__ == "__main__":
    main()
