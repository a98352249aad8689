"""The Debian packages that tests need and this machine has not, and the line that installs them."""

from __future__ import annotations

import os
import re
import shutil

_ASKED_FOR = re.compile(r"apt-get install (?P<package>[\w.+-]*\w)")


def apt_line(*packages: str) -> str:
    """``apt-get install …``, behind ``sudo`` only where that is there and needed."""
    sudo = "sudo " if os.geteuid() and shutil.which("sudo") else ""
    return f"{sudo}apt-get install {' '.join(packages)}"


def packages_of(reasons: list[str]) -> list[str]:
    """The packages that reasons for skipping ask for, each once; a reason asks for one at most."""
    return sorted({found["package"] for reason in reasons if (found := _ASKED_FOR.search(reason))})
