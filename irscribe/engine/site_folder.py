"""The folder of the site: its files are written whole or not at all, and only if their text differs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from irscribe.engine.report_files import replace_file
from irscribe.pages import Files

RIGHTS = 0o644
OURS = re.compile(
    r"incidents/\d+/(?:index\.html|report\.json)|years/\d+/index\.html|incidents-\d+\.json|statistics/\w+\.svg"
)
"""The files that come and go with incidents; what else lies in the folder is never removed, except unfinished files."""
SHARED = re.compile(
    r"index\.html|(?:years/\d+|followups|scorecards|statistics)/index\.html|feed\.(?:atom|json)|incidents(?:-\d+)?\.json"
)
"""The files that hold words of several incidents."""
UNFINISHED = re.compile(r"(?:.*/)?\..+\.\w{8}\.new")
"""The files that a bot that was killed did not put in place."""


class SiteFolder:
    """Writes and removes files, all named by their path within the folder."""

    def __init__(self, path: Path) -> None:
        """Take the folder at ``path``, which is made with the first file."""
        self.path = path

    def put(self, files: Files) -> int:
        """Write the files whose texts differ from those that are there; give their number. Raises OSError."""
        return sum(self._put(name, text) for name, text in files.items())

    def remove(self, names: Iterable[str]) -> None:
        """Remove files, and the folders that they leave empty. Raises OSError."""
        for name in names:
            path = self.path / name
            path.unlink(missing_ok=True)
            if path.parent != self.path and path.parent.is_dir() and not any(path.parent.iterdir()):
                path.parent.rmdir()

    def holds(self, names: Iterable[str]) -> bool:
        """True if all of these files are there."""
        return all((self.path / name).is_file() for name in names)

    def shared_names(self) -> Sequence[str]:
        """Give the files that are about several incidents, and unfinished ones. Raises OSError."""
        return [name for name in self._names() if SHARED.fullmatch(name) or UNFINISHED.fullmatch(name)]

    def remove_others(self, kept: Collection[str]) -> None:
        """Remove the files of ours that are not among ``kept``, and unfinished ones. Raises OSError."""
        self.remove([name for name in self._names() if self._is_to_go(name, kept)])

    def _put(self, name: str, text: str) -> bool:
        path = self.path / name
        if _read(path) == text.encode():
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        # A page can be made again from the record, so nobody waits until it is on the disk.
        replace_file(path, text, mode=RIGHTS, durable=False)
        return True

    def _names(self) -> Iterator[str]:
        return (path.relative_to(self.path).as_posix() for path in self.path.rglob("*") if path.is_file())

    def _is_to_go(self, name: str, kept: Collection[str]) -> bool:
        return bool(UNFINISHED.fullmatch(name) or (OURS.fullmatch(name) and name not in kept))


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
