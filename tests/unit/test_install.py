"""The installation shows how far it is, a line a package, and fails when pip does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from deploy.install import progress, requirements

INSTALL = Path(__file__).parents[2] / "deploy" / "install.py"
# As pip 23.0 (Debian 12) and 25.1 (Debian 13) write it.
PIP_23 = """\
Looking in links: /srv/wheels
Collecting sopel<8.1,>=8.0.4
  Downloading sopel-8.0.4-py3-none-any.whl (381 kB)
     ━━━━━━━━━━ 381.3/381.3 kB 3.1 MB/s eta 0:00:00
Collecting sqlalchemy<1.5,>=1.4.54
  Downloading SQLAlchemy-1.4.54-cp311-cp311-manylinux_2_17_x86_64.whl (1.6 MB)
Requirement already satisfied: requests in ./.venv/lib/python3.11/site-packages (2.32.3)
Building wheels for collected packages: geoip2
  Building wheel for geoip2 (pyproject.toml): started
  Building wheel for geoip2 (pyproject.toml): finished with status 'done'
Installing collected packages: sqlalchemy, geoip2, sopel
Successfully installed geoip2-4.8.0 sopel-8.0.4 sqlalchemy-1.4.54
""".splitlines(keepends=True)
PIP_25 = """\
Collecting jinja2>=3.1 (from sopel)
  Downloading jinja2-3.1.6-py3-none-any.whl.metadata (2.9 kB)
Downloading mypy-1.18.2-cp313-cp313-manylinux_2_17_x86_64.whl (13.3 MB)
Installing collected packages: jinja2
""".splitlines(keepends=True)


def run(extra: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, INSTALL, extra],
        env={**os.environ, "PIP_NO_INDEX": "1", **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_every_package_is_a_line_and_so_is_all_that_takes_long():
    assert list(progress(PIP_23)) == [
        "sopel",
        "sqlalchemy",
        "downloading SQLAlchemy (1.6 MB)",
        "building geoip2",
        "unpacking 3 packages",
    ]
    assert list(progress(PIP_25)) == ["jinja2", "downloading mypy (13.3 MB)", "unpacking 1 packages"]


def test_an_extra_adds_to_what_the_program_needs():
    program = requirements([])
    with_tests = requirements(["test"])
    assert "requests" in program
    assert with_tests[: len(program)] == program
    assert "hypothesis" in with_tests[len(program) :]


def test_where_everything_is_installed_it_ends_well():
    done = run("test")
    assert done.stdout.startswith(f"Installing {len(requirements(['test']))} packages "), done.stderr
    assert not done.returncode


def test_it_fails_when_pip_does_and_shows_why(tmp_path):
    done = run("test", PIP_TARGET=str(tmp_path), PIP_FIND_LINKS="")
    assert done.returncode
    assert "No matching distribution found for sopel" in done.stderr
