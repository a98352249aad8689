"""The container holds what the bot needs, and no more."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.waiting import HANGS

ROOT = Path(__file__).parents[2]
RECIPE = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")


@pytest.fixture
def image(tmp_path):
    """The program's folder as the recipe copies it."""
    folder = tmp_path / "image"
    folder.mkdir()
    for names in re.findall(r"^COPY (.+)$", RECIPE, re.MULTILINE):
        *sources, target = names.split()
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, folder / target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, folder / target)
    return folder


def test_a_verb_works_from_what_is_copied(image, tmp_path):
    done = subprocess.run(
        [sys.executable, "-P", str(image / "bot.py"), "migrate"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(image)},
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
    )
    assert done.stdout.startswith("The database is at version "), done.stderr
    assert (tmp_path / "var" / "irscribe.db").exists()


def test_every_plugin_and_package_is_copied(image):
    for folder in ("plugins", "models", "migrations", "irscribe"):
        there = {each.relative_to(ROOT) for each in (ROOT / folder).rglob("*") if "__pycache__" not in each.parts}
        assert there <= {each.relative_to(image) for each in (image / folder).rglob("*")}


def test_the_dependencies_are_those_of_the_project(tmp_path):
    command = re.search(r'RUN python (-c ".*?") > ', RECIPE, re.DOTALL)
    ours = f"{shlex.quote(sys.executable)} {command[1]}"
    printed = subprocess.run(["sh", "-c", ours], cwd=ROOT, capture_output=True, text=True, timeout=HANGS, check=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert printed.stdout.splitlines() == [*project["dependencies"], *project["optional-dependencies"]["postgresql"]]


def test_it_does_not_run_as_root_and_gets_the_signals_itself():
    steps = re.findall(r"^(USER|ENTRYPOINT|CMD) (.+)$", RECIPE, re.MULTILINE)
    assert steps == [
        ("USER", "irscribe"),
        ("ENTRYPOINT", '["python", "/opt/irscribe/bot.py"]'),
        ("CMD", '["run", "--config", "/data/config.ini"]'),
    ]
