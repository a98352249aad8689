"""The part of ``check`` about reports: questionnaire, layout and folder."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from irscribe.config import Config
from irscribe.domain.errors import ConfigError, ReportError
from irscribe.render import Style
from irscribe.services.application import all_commands
from irscribe.services.context.application import ApplicationContext, load_questionnaires
from irscribe.services.report.exports import style


def prove_questionnaire(config: Config) -> str:
    """Check the questionnaire of the scorecard.

    Raises ConfigError if it does not exist.
    """
    load_questionnaires(config)
    return f"questionnaire {config.scorecard}"


def layout_mistakes(config: Config) -> tuple[str, ...]:
    """Give a sentence for each mistake in the layout of wikitext, with its file and line; none if it can be used."""
    # The bot starts without the templates where no layout is its own.
    from irscribe.render import wikitext

    return wikitext.mistakes(_style(config))


def templates_used(config: Config) -> tuple[str, ...]:
    """Give the templates of the wiki that the layout uses; none if it has mistakes, which are named elsewhere."""
    from irscribe.render import wikitext

    try:
        return wikitext.templates_used(_style(config))
    except ReportError:
        return ()


def _style(config: Config) -> Style:
    return style(ApplicationContext(config=config, questionnaires={}, commands=all_commands()))


def prove_folder(config: Config) -> str:
    """Check the folder of the reports, which may still have to be created.

    Raises ConfigError if nothing can be written to it.
    """
    if not can_write(config.reports):
        raise ConfigError(f"[irscribe] reports: nothing can be written to {config.reports}; name another folder.")
    return f"{config.reports}{'' if config.reports.exists() else ' will be made'}"


def can_write(folder: Path) -> bool:
    """True if files can be created in a folder, or the folder in the nearest one above that exists.

    It is tried, and nothing is left behind: permissions tell nothing for root, or of a read-only file system.
    """
    try:
        nearest = next(each for each in (folder, *folder.parents) if each.exists())
        with TemporaryDirectory(prefix=".irscribe-", dir=nearest):
            return True
    except OSError:
        return False
