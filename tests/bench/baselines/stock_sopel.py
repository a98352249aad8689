"""Stock Sopel with one plugin, flood limits off and none of its own plugins: ``PORT FOLDER PLUGIN``."""

from __future__ import annotations

import sys
from pathlib import Path

from sopel.cli.run import run
from sopel.config import Config

from tests.bench.baselines.place import CHANNEL, HOST, NICK, read_place

PLUGINS = Path(__file__).parent / "sopel_plugins"
SETTINGS = """
[core]
nick = {nick}
owner = nobody
host = {host}
port = {port}
use_ssl = false
channels = "{channel}"
prefix = !
enable = {plugin}
extra = {plugins}
flood_empty_wait = 0
flood_max_wait = 0
antiloop_threshold = 0
"""


def main() -> None:
    """Serve until it is killed."""
    port, folder = read_place()
    file = folder / "sopel.cfg"
    settings = {"nick": NICK, "host": HOST, "port": port, "channel": CHANNEL, "plugin": sys.argv[3], "plugins": PLUGINS}
    file.write_text(SETTINGS.format(**settings))
    run(Config(str(file)), str(folder / "sopel.pid"))


if __name__ == "__main__":
    main()
