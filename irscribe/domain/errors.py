"""The errors of irscribe: each carries a sentence for the channel that tells a person what to do next."""

from __future__ import annotations

from irscribe.domain.sentence import Speech


class IrscribeError(Exception):
    """The base of all refusals and failures, with one English sentence for the person who typed.

    ``str()`` gives the sentence with the shipped names of the commands, for logs and the command line.
    """

    def __init__(self, sentence: Speech) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class RefusedError(IrscribeError):
    """The command cannot be carried out; nothing has changed."""


class UnknownVerbError(RefusedError):
    """No verb has the name that was typed; ``suggested`` is true if the sentence names one that may be meant."""

    def __init__(self, sentence: Speech, *, suggested: bool) -> None:
        super().__init__(sentence)
        self.suggested = suggested


class KeptError(RefusedError):
    """A note was typed while no incident was open: it is refused, and kept for ``adopt``."""


class UnknownIncidentError(RefusedError):
    """The incident does not exist, or this person may not see it: the words are the same for both."""


class ForbiddenError(RefusedError):
    """The person may not do that here; the sentence names the need."""


class ConfigError(IrscribeError):
    """Settings are missing, unknown or wrong; each of ``sentences`` names a section and an option."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


class DatabaseError(IrscribeError):
    """The database cannot be used as it is (newer, absent, not migrated)."""


class ReportError(IrscribeError):
    """A file is not a report that this program can read; the sentence names the place in it."""


class ServiceError(IrscribeError):
    """The task server or the wiki did not carry out a request; the sentence holds no secret."""


class ServiceRefusedError(ServiceError):
    """The request was not carried out, and will not be until a person changes what the sentence names."""


class HiddenTaskError(ServiceRefusedError):
    """A refusal about a task that not everybody sees, or not even the bot: ``task`` is its name, such as T12."""

    def __init__(self, sentence: Speech, *, task: str) -> None:
        super().__init__(sentence)
        self.task = task


class ServiceUnavailableError(ServiceError):
    """The request was certainly not carried out; it may work later. ``retry_after`` is the server's wish in seconds."""

    def __init__(self, sentence: Speech, *, retry_after: int | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class OtherServiceError(ServiceUnavailableError):
    """Something else than the service answered: if that lasts, a setting names the wrong address."""


class OutcomeUnknownError(ServiceError):
    """The outcome is unknown: the request may have been carried out, or may still be. Look before sending it again."""
