"""Install what pyproject.toml lists into the Python that runs this, and show how far it is.

``python deploy/install.py [EXTRA…]``: the program's dependencies and those of each extra (``test``, ``bench``). Exits
with pip's status. pip itself is either silent for minutes or writes hundreds of lines; this is one line a package.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"
PIP = (sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar=off")
COLLECTING = re.compile(r"Collecting (?P<package>[\w.-]+)")
LARGE_DOWNLOAD = re.compile(r"\s*Downloading \S*?(?P<package>[\w.]+)-\d\S* \((?P<size>[\d.]+ MB)\)")
BUILDING = re.compile(r"\s*Building wheel for (?P<package>[\w.-]+)\b.*: started")
INSTALLING = re.compile(r"Installing collected packages: (?P<packages>.+)")


def main(extras: list[str]) -> int:
    wanted = requirements(extras)
    say(f"Installing {len(wanted)} packages and what they need themselves: a minute or two the first time.")
    with subprocess.Popen([*PIP, *wanted], stdout=subprocess.PIPE, text=True, errors="replace") as pip:
        for step in progress(pip.stdout or ()):
            say(f"  {step}")
    return pip.returncode


def requirements(extras: list[str]) -> list[str]:
    """The project's dependencies and those of the extras; raises KeyError for an extra that is not there."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    optional = [each for extra in extras for each in project["optional-dependencies"][extra]]
    return [*project["dependencies"], *optional]


def progress(said: Iterable[str]) -> Iterator[str]:
    """The steps among pip's lines; errors are not among them: pip writes those to standard error."""
    for line in said:
        if found := COLLECTING.match(line):
            yield found["package"]
        elif found := LARGE_DOWNLOAD.match(line):
            yield f"downloading {found['package']} ({found['size']})"
        elif found := BUILDING.match(line):
            yield f"building {found['package']}"
        elif found := INSTALLING.match(line):
            yield f"unpacking {len(found['packages'].split(', '))} packages"


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
