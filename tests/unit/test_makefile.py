"""Without Python ``make`` says what to install."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packages import apt_line, packages_of

ROOT = Path(__file__).parents[2]
ROOT_USER, SOMEBODY = 0, 1000


class Machine:
    """A folder of programs that stands for a machine without Python."""

    def __init__(self, folder: Path) -> None:
        self._programs = folder / "bin"
        self._programs.mkdir()
        self._venv = folder / "venv"
        self.install("id", f"echo {SOMEBODY}")

    def install(self, name: str, script: str) -> None:
        program = self._programs / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def refusal(self, target: str) -> str:
        """The error that ``make`` ends with there."""
        done = subprocess.run(
            [shutil.which("make"), "-C", ROOT, f"VENV={self._venv}", target],
            env={"PATH": str(self._programs)},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert done.returncode
        assert not self._venv.exists()
        return done.stderr.splitlines()[0]


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


@pytest.mark.parametrize("target", ["run", "demo", "test"])
def test_where_python_is_missing_make_says_what_to_install(machine, target):
    assert machine.refusal(target) == "Python is missing: apt-get install python3 python3-venv"


def test_where_only_venv_is_missing_make_says_that(machine):
    machine.install("python3", f'case "$2" in *ensurepip*) exit 1;; *) exec {sys.executable} "$@";; esac')
    assert machine.refusal("run") == "python3-venv is missing: apt-get install python3-venv"


def test_a_python_that_does_not_fit_is_no_reason_to_install_another(machine):
    machine.install("python3", 'case "$2" in *version_info*) exit 1;; esac')
    assert machine.refusal("run") == "Python 3.11 to 3.13 is needed; name one: make PYTHON=python3.12"


@pytest.mark.parametrize(("user", "line"), [(ROOT_USER, "apt-get"), (SOMEBODY, "sudo apt-get")])
def test_sudo_is_named_to_those_who_need_it_and_have_it(machine, user, line):
    machine.install("sudo", "exit 0")
    machine.install("id", f"echo {user}")
    assert machine.refusal("run") == f"Python is missing: {line} install python3 python3-venv"


def test_a_reason_for_skipping_gives_its_package():
    reasons = [f"no server: {apt_line('postgresql')}, and name one", f"no ngircd: {apt_line('ngircd')}"]
    assert packages_of([*reasons, *reasons, "mounting is for root"]) == ["ngircd", "postgresql"]
