"""Sopel as irscribe runs it: its own plugins and the core's, nothing else; one bot for each connection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sopel.bot import Sopel
from sopel.plugins.handlers import PyModulePlugin

from irscribe.runtime.backend import Backend

PLUGINS = Path(__file__).parents[2] / "plugins"


class Bot(Sopel):  # type: ignore[misc]  # Sopel has no types
    """One connection's bot; ``refusal`` says why another one would fare no better."""

    def __init__(self, settings: Any) -> None:
        super().__init__(settings)
        self.refusal: str | None = None
        self.leaving = False
        self.registered_at: float | None = None

    def setup_logging(self) -> None:
        """Leave logging as it is: Sopel's set-up silences every logger made before it, and writes files."""

    def setup_plugins(self) -> None:
        """Load our plugins and the core's; one that fails stops the bot, which would be mute without it."""
        for handler in (*own_plugins(), PyModulePlugin("coretasks", "sopel")):
            handler.load()
            handler.setup(self)
            handler.register(self)

    def get_irc_backend(self, host: str, port: int, source_address: tuple[str, int] | None) -> Backend:
        """Our backend, set up as Sopel sets up its own."""
        core = self.settings.core
        return Backend(
            self,
            host=host,
            port=port,
            source_address=source_address,
            server_timeout=core.timeout,
            ping_interval=core.timeout_ping_interval,
            use_ssl=core.use_ssl,
            certfile=core.client_cert_file,
            keyfile=core.client_cert_file,
            verify_ssl=core.verify_ssl,
            ca_certs=core.ca_certs,
            ssl_ciphers=core.ssl_ciphers,
            ssl_minimum_version=core.ssl_minimum_version,
        )

    def leave(self) -> None:
        """End this connection for good; from any thread and from a signal handler."""
        self.leaving = True
        if isinstance(self.backend, Backend):
            self.backend.leave()

    def quit(self, message: str | None = None) -> None:
        """Say QUIT; a server that does not answer is left all the same.

        Sopel's own core quits when the server does not take the account; that is why trying again would be in vain.
        """
        if not self.leaving:
            self.refusal = message
        super().quit(message)
        if isinstance(self.backend, Backend):
            self.backend.abort_soon()


def own_plugins() -> list[PyModulePlugin]:
    """The plugins of this program, as modules of the package they lie in."""
    names = sorted(path.stem for path in PLUGINS.glob("*.py"))
    return [PyModulePlugin(name, "plugins") for name in names if name != "__init__"]
