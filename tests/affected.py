"""``make check``: the tests that a change affects, nearest first, as many as fit into the budget.

A test file is affected when it is changed itself, or imports a changed module, directly or through others.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from time import monotonic

import grimp

ROOT = Path(__file__).parents[1]
PACKAGES = ("irscribe", "models", "plugins", "tests")
BUDGET_SECONDS = 40.0
FILES_PER_RUN = 6


def main(since: str) -> int:
    """Run the affected tests of all that changed since a revision; the exit code of the first failing run."""
    waiting = affected(changed(since))
    begun = monotonic()
    while waiting and monotonic() - begun < BUDGET_SECONDS:
        some, waiting = waiting[:FILES_PER_RUN], waiting[FILES_PER_RUN:]
        code = subprocess.call([sys.executable, "-m", "pytest", "-q", "-n", "2", *some], cwd=ROOT)
        if code:
            return code
    if waiting:
        print(f"Not run, as the time is over: {', '.join(waiting)}. make test runs all.")
    return 0


def changed(since: str) -> set[str]:
    """The Python files that differ from a revision, and those git does not track yet."""
    commands = (["diff", "--name-only", since], ["ls-files", "--others", "--exclude-standard"])
    lines = (subprocess.run(["git", *each], cwd=ROOT, check=True, capture_output=True, text=True) for each in commands)
    return {name for each in lines for name in each.stdout.splitlines() if name.endswith(".py")}


def affected(files: Iterable[str]) -> list[str]:
    """The test files that the change of these files affects, nearest first."""
    names = {module_of(Path(name)) for name in files}
    return [path for each in spread(names, importers()) if (path := test_file(each))]


@cache
def importers() -> dict[str, set[str]]:
    """Every module of the product and of the tests, each with those that import it directly."""
    graph = grimp.build_graph("irscribe", "models", "plugins")
    found = {module: graph.find_modules_that_directly_import(module) for module in graph.modules}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for module in imports(path):
            found.setdefault(module, set()).add(module_of(path.relative_to(ROOT)))
    return found


def spread(modules: set[str], importers_of: dict[str, set[str]]) -> Iterator[str]:
    """The modules, then the modules that import them, and so on, each once."""
    seen, edge = set(modules), sorted(modules)
    while edge:
        yield from edge
        edge = sorted({each for module in edge for each in importers_of.get(module, ())} - seen)
        seen.update(edge)


def imports(path: Path) -> Iterator[str]:
    """The modules of ours that a file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(PACKAGES):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_of(path: Path) -> str:
    """The dotted name of a file."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def test_file(module: str) -> str | None:
    """The file of a module of tests; None for other modules."""
    path = Path(*module.split(".")).with_suffix(".py")
    return str(path) if path.name.startswith("test_") and (ROOT / path).is_file() else None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
