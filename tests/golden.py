"""Files that hold what a rendering has to be; ``IRSCRIBE_GOLDEN=write`` writes them anew, to be read in the diff."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "unit" / "golden"


def assert_golden(name: str, rendered: str) -> None:
    """Fails when the rendering is not, byte for byte, what the file of that name holds."""
    path = FOLDER / name
    if os.environ.get("IRSCRIBE_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(rendered, encoding="utf-8", newline="")
    assert rendered.encode() == path.read_bytes(), f"{name} has changed; IRSCRIBE_GOLDEN=write accepts it"
