"""What ``check`` looks at so that a report can be written when it is asked for: questionnaire, layout, folder."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from irscribe.config import Config
from irscribe.domain.errors import ConfigError
from irscribe.services.context.application import ApplicationContext, load_questionnaires
from irscribe.services.report.exports import style


def prove_questionnaire(config: Config) -> str:
    """The questionnaire incidents are scored with.

    Raises ConfigError for what is not there.
    """
    load_questionnaires(config)
    return f"questionnaire {config.scorecard}"


def layout_mistakes(config: Config) -> tuple[str, ...]:
    """A sentence for each mistake in the layout of wikitext, with its file and line; none where it can be used."""
    # The bot starts without the templates where no layout is its own.
    from irscribe.render import wikitext

    return wikitext.mistakes(style(ApplicationContext(config=config, questionnaires={})))


def prove_folder(config: Config) -> str:
    """The folder reports are written to, there or to be made.

    Raises ConfigError where nothing can be written.
    """
    if not can_write(config.reports):
        raise ConfigError(f"[irscribe] reports: nothing can be written to {config.reports}; name another folder.")
    return f"{config.reports}{'' if config.reports.exists() else ' will be made'}"


def can_write(folder: Path) -> bool:
    """Whether a folder takes files, or the nearest one above that is there takes folders.

    It is tried, and nothing stays of it: rights say nothing to root, or of a file system that takes nothing.
    """
    try:
        nearest = next(each for each in (folder, *folder.parents) if each.exists())
        with TemporaryDirectory(prefix=".irscribe-", dir=nearest):
            return True
    except OSError:
        return False
