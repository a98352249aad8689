"""Real IRC servers for the tests: ngIRCd, InspIRCd and its services; each a process that ends with its ``with``."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import pytest

from irscribe.demo import Client
from tests.botprocess import BotProcess, free_port
from tests.packages import apt_line
from tests.waiting import HANGS, wait_until

START_SECONDS = LOG_SECONDS = HANGS
PATH = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin"
NOBODY = 65534
PASSWORD = "opensesame"  # noqa: S105 - of accounts that live for one test
OPERATOR = "OPER god heaven"

NGIRCD = """
[Global]
Name = {name}
Info = test
AdminEMail = nobody@localhost
Listen = 127.0.0.1
Ports = {port}
MotdPhrase = hello
Network = linked
[Limits]
ConnectRetry = 1
MaxConnectionsIP = 0
MaxJoins = 0
MaxNickLength = 30
MaxPenaltyTime = 0
PingTimeout = 60
PongTimeout = 60
[Options]
DNS = no
Ident = no
PAM = no
OperCanUseMode = yes
[Operator]
Name = god
Password = heaven
"""

NGIRCD_LINK = """
[Server]
Name = {name}
Host = 127.0.0.1
{where}
MyPassword = x
PeerPassword = x
"""

INSPIRCD = """
<server name="irc.inspircd.test" description="t" id="00A" network="Inspired">
<admin name="x" nick="x" email="x@localhost">
<path configdir="{folder}" datadir="{folder}" logdir="{folder}" runtimedir="{folder}">
<bind address="127.0.0.1" port="{port}" type="clients">
<bind address="127.0.0.1" port="{tls}" type="clients" sslprofile="t">
<bind address="127.0.0.1" port="{strict}" type="clients">
<bind address="127.0.0.1" port="{link}" type="servers">
<sslprofile name="t" provider="gnutls" certfile="{folder}/cert.pem" keyfile="{folder}/key.pem" requestclientcert="yes">
<connect name="strict" allow="*" port="{strict}" timeout="15" hardsendq="1048576" softsendq="10240" recvq="8192"
  threshold="10" commandrate="1000" fakelag="on" localmax="100" globalmax="100" useident="no" resolvehostnames="no">
<connect name="all" allow="*" timeout="15" hardsendq="4194304" softsendq="1048576" recvq="65536" threshold="1000000"
  commandrate="1000000000" fakelag="no" localmax="1000" globalmax="1000" useident="no" resolvehostnames="no">
<options defaultmodes="not" casemapping="{casemapping}"> <dns server="127.0.0.1" timeout="1">
<files motd="{folder}/motd.txt"> <log method="file" type="*" level="normal" target="inspircd.log">
<class name="S" commands="*" privs="*" usermodes="*" chanmodes="*" snomasks="*"> <type name="Net" classes="S">
<oper name="god" password="heaven" host="*@*" type="Net">
{modules}
<chanhistory maxlines="50" bots="yes" prefixmsg="yes">
<uline server="services.inspircd.test" silent="yes"> <sasl target="services.inspircd.test" requiressl="no">
<link name="services.inspircd.test" ipaddr="127.0.0.1" port="{link}" allowmask="127.0.0.0/8"
  sendpass="pw" recvpass="pw">
"""

MODULES = """
cap ircv3 ircv3_accounttag ircv3_batch ircv3_capnotify ircv3_chghost ircv3_ctctags ircv3_echomessage
ircv3_labeledresponse ircv3_msgid ircv3_servertime sasl services_account spanningtree ssl_gnutls sslinfo botmode
chanhistory deaf servprotect svshold hidechans md5 sha256 chghost callerid
sajoin sanick sapart
"""
"""The modules of a network of today; without ``deaf`` the services cannot link."""

ATHEME = """
loadmodule "modules/protocol/inspircd"; loadmodule "modules/backend/opensex"; loadmodule "modules/crypto/pbkdf2v2";
loadmodule "modules/nickserv/main"; loadmodule "modules/nickserv/identify"; loadmodule "modules/nickserv/register";
loadmodule "modules/nickserv/logout"; loadmodule "modules/nickserv/ghost"; loadmodule "modules/nickserv/cert";
loadmodule "modules/saslserv/main"; loadmodule "modules/saslserv/plain"; loadmodule "modules/saslserv/external";
crypto {{ pbkdf2v2_rounds = 10000; }};
serverinfo {{ name = "services.inspircd.test"; desc = "s"; numeric = "00S"; recontime = 1; netname = "Inspired";
  hidehostsuffix = "u"; adminname = "x"; adminemail = "x@localhost"; registeremail = "x@localhost"; mta = "/bin/true";
  loglevel = {{ error; }}; maxlogins = 50; maxusers = 0; mdlimit = 30; emaillimit = 10; emailtime = 300; auth = none;
  casemapping = {casemapping}; }};
uplink "irc.inspircd.test" {{ host = "127.0.0.1"; port = {link}; send_password = "pw"; receive_password = "pw"; }};
nickserv {{ nick = "NickServ"; user = "ns"; host = "services.inspircd.test"; real = "ns"; }};
saslserv {{ nick = "SaslServ"; user = "ss"; host = "services.inspircd.test"; real = "ss"; }};
general {{ permissive_mode; flood_msgs = 0; commit_interval = 60; }};
"""


SETTINGS = """
[core]
{core}
channels = "#ops"
timeout = 8
[irscribe]
pace = none
{own}
"""


def write_settings(folder: Path, *, core: str, own: str = "") -> None:
    """A ``config.ini`` for a bot in ``#ops``."""
    (folder / "password").write_text(PASSWORD)
    (folder / "config.ini").write_text(SETTINGS.format(core=core, own=own))


def plain(server: Process) -> str:
    """The settings to connect without TLS and account."""
    host, port = server.address
    return f"host = {host}\nport = {port}\nuse_ssl = false"


def with_account(server: InspIrcd, mechanism: str = "PLAIN") -> str:
    """The settings to connect with TLS, trusting that server's certificate only, and with an account."""
    place = f"host = localhost\nport = {server.tls}\nuse_ssl = true\nca_certs = cert.pem"
    login = (
        "auth_username = scribe\nauth_password_file = password"
        if mechanism == "PLAIN"
        else "client_cert_file = bot.pem"
    )
    return f"{place}\nauth_method = sasl\nauth_target = {mechanism}\n{login}"


def program(name: str, package: str) -> str:
    """The path of a server's program; skips the test if it is not installed."""
    found = shutil.which(name, path=PATH)
    if found is None:
        pytest.skip(f"{name} is not here: {apt_line(package)}")
    return found


class Process:
    """A server's process and the address it takes clients at."""

    def __init__(self, folder: Path, command: list[str], port: int, *, user: int | None = None) -> None:
        self.address = ("127.0.0.1", port)
        self._folder, self._command, self._user = folder, command, user
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        """Start it, again if need be; returns once it listens."""
        self.process = subprocess.Popen(
            self._command,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=self._user,
            group=self._user,
            extra_groups=[] if self._user else None,
        )
        _await_port(self.address[1])
        return self.process

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()


def start_ngircd(folder: Path, name: str = "irc.a.test", *, link: str = "") -> Process:
    """An ngIRCd; ``link`` is more for its settings."""
    server, port = program("ngircd", "ngircd"), free_port()
    settings = folder / f"{name}.conf"
    settings.write_text(NGIRCD.format(name=name, port=port) + link)
    return Process(folder, [server, "-n", "-f", str(settings)], port)


def start_linked_ngircds(folder: Path) -> tuple[Process, Process]:
    """Two that are one network: the second one calls the first."""
    first = start_ngircd(folder, "irc.a.test", link=NGIRCD_LINK.format(name="irc.b.test", where="Passive = yes"))
    where = f"Port = {first.address[1]}"
    return first, start_ngircd(folder, "irc.b.test", link=NGIRCD_LINK.format(name="irc.a.test", where=where))


class InspIrcd(Process):
    """An InspIRCd with everything a client may ask for today, on a plain and a TLS port.

    On the port ``strict`` the limits against floods are those it comes with; on the others there are none.
    """

    def __init__(self, folder: Path, *, without: frozenset[str] = frozenset(), casemapping: str = "rfc1459") -> None:
        server = program("inspircd", "inspircd")
        self.casemapping = casemapping
        port, self.tls, self.link, self.strict = (free_port() for _ in range(4))
        make_certificate(folder)
        (folder / "motd.txt").write_text("hello\n")
        modules = "\n".join(f'<module name="{each}">' for each in MODULES.split() if each not in without)
        (folder / "inspircd.conf").write_text(
            INSPIRCD.format(
                folder=folder,
                port=port,
                tls=self.tls,
                link=self.link,
                strict=self.strict,
                modules=modules,
                casemapping=casemapping,
            )
        )
        as_root = ["--runasroot"] if os.geteuid() == 0 else []
        super().__init__(
            folder, [server, "--config", str(folder / "inspircd.conf"), "--nofork", "--nopid", *as_root], port
        )


def make_certificate(folder: Path) -> None:
    """A key and a certificate for localhost, ``key.pem`` and ``cert.pem``."""
    kind = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=localhost"
    files = "-keyout key.pem -out cert.pem -addext subjectAltName=DNS:localhost,IP:127.0.0.1"
    subprocess.run(["openssl", *kind.split(), *files.split()], cwd=folder, check=True, capture_output=True)


def connect_all(server: Process, *nicks: str) -> list[Client]:
    """Clients of these nicks, at the same time: InspIRCd lets people in once a second."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda nick: Client(nick, server.address), nicks))


def expect_logged(bot: BotProcess, part: str) -> None:
    """Wait until the bot's log says something."""
    wait_until(lambda: part in bot.errors.read_text(encoding="utf-8"), LOG_SECONDS, f"not logged: {part}")


def _await_port(port: int) -> None:
    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    wait_until(listens, START_SECONDS, "the server does not listen")


class Services(Process):
    """Atheme beside an InspIRCd; ``register`` makes accounts, each with the same ``PASSWORD``."""

    def __init__(self, server: InspIrcd) -> None:
        services = program("atheme-services", "atheme-services")
        self._room = TemporaryDirectory()
        folder = Path(self._room.name)
        (folder / "atheme.conf").write_text(ATHEME.format(link=server.link, casemapping=server.casemapping))
        user = NOBODY if os.geteuid() == 0 else None  # it refuses to run as root
        if user is not None:
            for path in (folder, folder / "atheme.conf"):
                os.chown(path, user, user)
        places = {"-c": "atheme.conf", "-D": ".", "-p": "pid", "-l": "log"}
        files = [word for option, name in places.items() for word in (option, str(folder / name))]
        super().__init__(folder, [services, "-n", *files], server.address[1], user=user)

    def start(self) -> subprocess.Popen[bytes]:
        """Start it; returns once NickServ is there."""
        process = super().start()
        with closing(Terminal(self.address, "patience")) as terminal:
            while "NickServ" not in terminal.ask("ISON NickServ", " 303 "):
                assert process.poll() is None, "the services have ended"
        return process

    def register(self, *accounts: str) -> None:
        """Make accounts of these names."""
        with closing(Terminal(self.address, "clerk")) as terminal:
            for account in accounts:
                terminal.ask(f"NICK {account}", f" NICK :{account}")
                terminal.ask(f"PRIVMSG NickServ :REGISTER {PASSWORD} clerk@localhost.test", f" 900 {account} ")
                terminal.ask("PRIVMSG NickServ :LOGOUT", f" 901 {account} ")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._room.cleanup()


class Terminal:
    """A client of few words: says a line and returns the first one that answers it."""

    def __init__(self, address: tuple[str, int], nick: str) -> None:
        self._socket = socket.create_connection(address, timeout=START_SECONDS)
        self._lines = self._socket.makefile("r", encoding="utf-8", newline="\r\n")
        self.ask(f"NICK {nick}\r\nUSER {nick} 0 * :{nick}", " 376 ")

    def ask(self, line: str, answer: str) -> str:
        """Say it, and wait for a line with the answer in it."""
        self._socket.sendall(f"{line}\r\n".encode())
        for heard in self._lines:
            if heard.startswith("PING"):
                self._socket.sendall(heard.replace("PING", "PONG", 1).encode())
            if answer in heard:
                return heard
        raise EOFError(line)

    def close(self) -> None:
        """Hang up."""
        self._lines.close()
        self._socket.close()
