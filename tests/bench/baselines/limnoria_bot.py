"""Limnoria with one plugin, throttle and flood protection off."""

from __future__ import annotations

import sys
from pathlib import Path

from supybot.scripts import limnoria

from tests.bench.baselines.place import CHANNEL, HOST, NICK, read_place

PLUGINS = Path(__file__).parent / "limnoria_plugins"
SETTINGS = """
supybot.nick: {nick}
supybot.ident: {nick}
supybot.user: {nick}
supybot.networks: bench
supybot.networks.bench.servers: {host}:{port}
supybot.networks.bench.channels: {channel}
supybot.networks.bench.ssl: False
supybot.reply.whenAddressedBy.chars: !
supybot.reply.whenAddressedBy.nick: False
supybot.reply.withNickPrefix: False
supybot.protocols.irc.throttleTime: 0.0
supybot.abuse.flood.command: False
supybot.abuse.flood.command.invalid: False
supybot.abuse.flood.ctcp: False
supybot.plugins: Noting
supybot.plugins.Noting: True
supybot.log.stdout: False
supybot.log.level: WARNING
supybot.directories.plugins: {plugins}
supybot.directories.conf: {folder}/conf
supybot.directories.data: {folder}
supybot.directories.data.tmp: {folder}/tmp
supybot.directories.data.web: {folder}/web
supybot.directories.log: {folder}/logs
supybot.directories.backup: {folder}/backup
"""


def main() -> None:
    """Serve until it is killed."""
    port, folder = read_place()
    file = folder / "limnoria.conf"
    settings = {"nick": NICK, "host": HOST, "port": port, "channel": CHANNEL, "plugins": PLUGINS, "folder": folder}
    file.write_text(SETTINGS.format(**settings))
    sys.argv[1:] = ["--allow-root", str(file)]
    limnoria.main()


if __name__ == "__main__":
    main()
