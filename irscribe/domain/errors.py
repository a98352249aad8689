"""The one family of errors: each carries a sentence fit for the channel that says what to do next."""

from __future__ import annotations

from irscribe.domain.sentence import Speech


class IrscribeError(Exception):
    """Anything irscribe refuses or fails at, with one English sentence for the person who typed.

    ``str()`` gives that with the names commands are shipped with, for logs and the command line.
    """

    def __init__(self, sentence: Speech) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class RefusedError(IrscribeError):
    """What was typed cannot be done; nothing has changed."""


class KeptError(RefusedError):
    """A note that belongs to no open incident: refused, and kept for ``adopt``."""


class UnknownIncidentError(RefusedError):
    """No such incident, or none this person may see: the words are the same for both."""


class ForbiddenError(RefusedError):
    """A person may not do that here; the sentence says what is needed."""


class ConfigError(IrscribeError):
    """Settings are missing, unknown or wrong; each of ``sentences`` names a section and an option."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


class DatabaseError(IrscribeError):
    """The database cannot be used as it is (newer, absent, not migrated)."""


class ReportError(IrscribeError):
    """A file is not a report this program can read; the sentence says where."""


class ServiceError(IrscribeError):
    """Phabricator or the wiki did not do what was asked; the sentence holds no secret."""


class ServiceRefusedError(ServiceError):
    """Not done, and it will not work until a human changes something; the sentence names what."""


class ServiceUnavailableError(ServiceError):
    """Not done for certain; the same may work later. ``retry_after`` is what the server asked for, in seconds."""

    def __init__(self, sentence: Speech, *, retry_after: int | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class OutcomeUnknownError(ServiceError):
    """Perhaps done, perhaps yet to be done by the server: look before sending it again."""
