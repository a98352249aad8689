"""What ``check`` looks at so that a report can be written when it is asked for: questionnaire, layout, folder."""

from __future__ import annotations

import os
from importlib import import_module

from irscribe.app import build_house
from irscribe.config import Config
from irscribe.domain.errors import ConfigError
from irscribe.services.exporting import style
from irscribe.services.turn import House


def prove_house(config: Config) -> str:
    """The questionnaire incidents are scored with, and the commands the permissions speak of.

    Raises ConfigError for what is not there.
    """
    build_house(config)
    return f"questionnaire {config.scorecard}"


def prove_layout(config: Config) -> str:
    """The layout of wikitext.

    Raises ReportError when it is not there.
    """
    import_module("irscribe.render.layouts").prove(style(House(config=config, questionnaires={})))
    return f"layout {config.layout}"


def prove_folder(config: Config) -> str:
    """The folder reports are written to, there or to be made.

    Raises ConfigError where nothing can be written.
    """
    nearest = next(folder for folder in (config.reports, *config.reports.parents) if folder.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise ConfigError(f"[irscribe] reports: nothing can be written to {config.reports}; name another folder.")
    return f"{config.reports}{'' if nearest == config.reports else ' will be made'}"
