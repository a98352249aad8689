"""docs/operations.md says what each line of the log asks of a human, and what each exit code means."""

from __future__ import annotations

import ast
import configparser
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from irscribe.cli.run import NOT_WELCOME

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SOURCES = sorted(path for folder in ("irscribe", "models", "plugins") for path in (ROOT / folder).rglob("*.py"))
TOLD = {"warning", "error", "exception", "critical"}
"""Levels that ask something of a human."""
GAP = re.compile(r"%[-\d.]*[a-z]")


def _section(title: str) -> str:
    return DOCUMENT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in TOLD:
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id in {"log", "logger", "logging"}:
                yield node


@cache
def _messages() -> set[str]:
    """The messages of the program in its log, with … for the parts that differ each time."""
    calls = [call for path in SOURCES for call in _calls(ast.parse(path.read_text(encoding="utf-8")))]
    return {GAP.sub("…", ast.literal_eval(call.args[0])) for call in calls}


def _explained() -> set[str]:
    return set(re.findall(r"^\| `(.+?)` \|", _section("The log"), re.MULTILINE))


def test_every_line_of_the_log_is_explained():
    assert _messages() - _explained() == set(), "add a row to the table of docs/operations.md"


def test_no_line_is_explained_that_is_never_said():
    assert _explained() - _messages() == set()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_logger_is_named_after_its_module(path):
    named = re.findall(r"^log\w* = logging\.getLogger\((.*)\)", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(named) <= {"__name__"}


def test_every_exit_code_is_explained():
    codes = re.findall(r"^\| (\d+) \|", _section("Exit codes"), re.MULTILINE)
    assert codes == ["0", "1", "2", str(NOT_WELCOME)]


def test_the_unit_may_write_where_the_document_puts_things():
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read(ROOT / "deploy" / "irscribe.service", encoding="utf-8")
    own = f"/var/lib/{unit['Service']['StateDirectory']}"
    settings = configparser.RawConfigParser()
    settings.read_string(re.search(r"```\n(\[core\].+?)```", DOCUMENT, re.DOTALL)[1])
    paths = [value for section in settings.sections() for value in settings[section].values()]
    assert [path for path in paths if not path.startswith(f"{own}/")] == []
    assert unit["Service"]["WorkingDirectory"] == own


def test_the_shorthand_does_as_the_unit_does(tmp_path):
    (tmp_path / "systemd-run").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    (tmp_path / "systemd-run").chmod(0o755)
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read(ROOT / "deploy" / "irscribe.service", encoding="utf-8")
    service = unit["Service"]
    done = subprocess.run(
        [ROOT / "deploy" / "irscribe", "export", "1", "-o", "a b"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    options = [line for line in done.stdout.splitlines() if line.startswith("--") and line != "--config"]
    words = [line for line in done.stdout.splitlines() if line not in options]
    assert words == [*service["ExecStart"].replace(" run ", " export ").split(), "1", "-o", "a b"]
    assert {f"--uid={service['User']}", f"--gid={service['Group']}"} < set(options)
    for name in ("EnvironmentFile", "WorkingDirectory", "UMask"):
        assert f"--property={name}={service[name]}" in options


def test_the_python_that_is_asked_for_is_the_one_that_is_taken():
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    least, below = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", wanted).groups()
    said = f"Python 3.{least} to 3.{int(below) - 1}"
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"(3, {least}) <= sys.version_info < (3, {below})" in makefile
    for text in (makefile, DOCUMENT, (ROOT / "README.md").read_text(encoding="utf-8")):
        assert said in text
