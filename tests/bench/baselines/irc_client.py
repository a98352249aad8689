"""A bot on jaraco's irc.client that inserts and commits each line."""

from __future__ import annotations

from irc.client import Event, Reactor, ServerConnection

from tests.bench.baselines.place import CHANNEL, FILE, HOST, NICK, NOTE, read_place
from tests.bench.baselines.store import Store


def main() -> None:
    """Serve until it is killed."""
    port, folder = read_place()
    store = Store(folder / FILE)

    def join(server: ServerConnection, _event: Event) -> None:
        server.join(CHANNEL)

    def answer(server: ServerConnection, event: Event) -> None:
        said = event.arguments[0]
        if said.startswith(NOTE):
            number = store.note(event.source.nick, said.removeprefix(NOTE))
            server.privmsg(CHANNEL, f"#{number} logged")

    reactor = Reactor()
    reactor.add_global_handler("welcome", join)
    reactor.add_global_handler("pubmsg", answer)
    reactor.server().connect(HOST, port, NICK)
    reactor.process_forever()


if __name__ == "__main__":
    main()
