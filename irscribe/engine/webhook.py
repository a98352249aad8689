"""The webhook: takes posts of Alertmanager while this bot is the active one, and answers after the commit."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from queue import Empty, SimpleQueue

from irscribe.config import Listen, Webhook
from irscribe.domain.events import AlertsPosted
from irscribe.domain.posts import PostedAlert
from irscribe.integrations.alertmanager import PATH, AlertmanagerEndpoint
from irscribe.integrations.http_server import HttpServer, WsgiApplication, routed

log = logging.getLogger(__name__)

ANSWERED_WITHIN = 8.0
"""Seconds after which a post that is not recorded yet is refused; Alertmanager itself waits for 10 by default."""


class WebhookServer:
    """An HTTP server whose threads hand posts to the writer and wait for it."""

    def __init__(
        self, settings: Webhook, *, submit: Callable[[AlertsPosted], None], is_active: Callable[[], bool]
    ) -> None:
        """Listen nowhere yet."""
        self._settings, self._submit, self._is_active = settings, submit, is_active
        self._server: HttpServer | None = None

    @property
    def address(self) -> str | None:
        """The address of the endpoint; None if there is none."""
        listen = self._settings.listen
        if self._server is None or listen is None:
            return None
        return f"http://{Listen(listen.host, self._server.port)}{PATH}"

    def paths_on(self, site: Listen | None) -> Mapping[str, WsgiApplication]:
        """Give the paths of the webhook if it has the address of the site, whose server then serves both."""
        is_shared = site is not None and site == self._settings.listen
        return self._paths() if is_shared else {}

    def start(self, *, site: Listen | None = None) -> None:
        """Listen where the settings say so, unless the site does; that the port is taken is logged."""
        listen = self._settings.listen
        if listen is None or listen == site:
            return
        try:
            self._server = HttpServer(routed(self._paths()), host=listen.host, port=listen.port)
        except OSError as error:
            log.error("no alerts are taken on %s: %s", listen, os.strerror(error.errno or 0))  # noqa: TRY400 - one line
        else:
            self._server.start()

    def stop(self, timeout: float) -> None:
        """Take no more posts."""
        if self._server is not None:
            self._server.stop(timeout)

    def _paths(self) -> Mapping[str, WsgiApplication]:
        token = self._settings.token
        return {PATH: AlertmanagerEndpoint(token.reveal() if token else None, self._take)}

    def _take(self, alerts: Sequence[PostedAlert]) -> bool:
        """True once the alerts are recorded; a post whose answer comes too late may be recorded all the same."""
        if not self._is_active():
            return False
        answers: SimpleQueue[bool] = SimpleQueue()
        self._submit(AlertsPosted(alerts=tuple(alerts), tell=answers.put))
        try:
            return answers.get(timeout=ANSWERED_WITHIN)
        except Empty:
            return False
