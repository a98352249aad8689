"""Checks a layout with reports of every kind, and finds all its mistakes at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from traceback import walk_stack
from typing import ClassVar

from jinja2 import Environment, TemplateNotFound, TemplateSyntaxError, nodes
from jinja2.meta import find_referenced_templates
from jinja2.utils import missing

from irscribe.domain.errors import ReportError
from irscribe.render import Style
from irscribe.render.environment import Escape
from irscribe.render.layouts import Filters, templates
from irscribe.render.mistakes import (
    ENDING,
    OF_TEMPLATES,
    PRINTS_NONE,
    PRINTS_NOTHING,
    Mistake,
    Unknown,
    innermost,
    meant,
    unknown,
)

OF_JINJA = frozenset({"loop", "self", "super", "caller", "varargs", "kwargs"})
"""Names that Jinja defines in some places of a template."""

Words = Mapping[str, object]


def prove(style: Style, escape: Escape, filters: Filters, specimens: Iterable[Words]) -> tuple[str, ...]:
    """Give a sentence for each mistake of the style's layout; none for one that can render any report.

    ``specimens`` are the values that a layout may print, for at least one report.
    """
    try:
        available = templates(style, escape, filters)
    except ReportError as error:
        return (str(error),)
    given = list(specimens)
    proof = _Proof(style, available, known=frozenset(given[0]))
    if proof.read():
        for words in given:
            proof.fill(words)
    return tuple(map(str, sorted(proof.found)))


class _Proof:
    """The check of one layout; ``known`` are the names that every template may use."""

    def __init__(self, style: Style, available: Environment, *, known: frozenset[str]) -> None:
        self.found: set[Mistake] = set()
        self._style = style
        self._file = style.layout + ENDING
        self._known = known
        self._available = available
        self._noting = available.overlay(
            finalize=self._finalize, undefined=type("Noted", (_Noted,), {"note": staticmethod(self._note_unknown)})
        )

    def read(self) -> bool:
        """Check every line, also those that no specimen prints; return True if the layout can be rendered."""
        try:
            return self._read()
        except OF_TEMPLATES as error:  # it is nested too deeply for Jinja's own functions
            self._add_unless_known(Mistake.of(error, self._style))
            return False

    def _read(self) -> bool:
        read = dict(self._parsed(self._file, set()))
        compiles = not self.found
        made = OF_JINJA.union(self._known, self._available.globals, *map(_made, read.values()))
        for file, tree in read.items():
            compiles &= self._read_calls(file, tree)
            self._read_names(file, tree, made)
        return compiles

    def fill(self, words: Words) -> None:
        """Render the layout with a specimen; go on after each unknown name."""
        try:
            page = self._noting.get_template(self._file).render(words)
        except OF_TEMPLATES as error:
            self._add_unless_known(Mistake.of(error, self._style))
        else:
            if not page.strip() and not self.found:
                self._add(self._file, 1, PRINTS_NOTHING)

    def _parsed(self, file: str, seen: set[str]) -> Iterator[tuple[str, nodes.Template]]:
        """Parse a template and all templates that it names; a missing file is reported when it is rendered."""
        seen.add(file)
        try:
            tree = self._available.parse(self._source(file), file)
        except TemplateNotFound:
            return
        except OF_TEMPLATES as error:
            line = error.lineno if isinstance(error, TemplateSyntaxError) else 0
            self._add(file, line, Mistake.of(error, self._style).why)
            return
        yield file, tree
        for other in find_referenced_templates(tree):
            if other and other not in seen:
                yield from self._parsed(other, seen)

    def _source(self, file: str) -> str:
        loader = self._available.loader
        if loader is None:
            raise TemplateNotFound(file)
        return loader.get_source(self._available, file)[0]

    def _read_calls(self, file: str, tree: nodes.Template) -> bool:
        """Report filters and tests that do not exist; return True if all exist, as Jinja compiles nothing otherwise."""
        kinds = ((nodes.Filter, "filter", self._available.filters), (nodes.Test, "test", self._available.tests))
        wrong = [
            (node, f"there is no {kind} “{node.name}”{meant(node.name, there)}")
            for node_kind, kind, there in kinds
            for node in tree.find_all(node_kind)
            if node.name and node.name not in there
        ]
        for node, why in wrong:
            self._add(file, node.lineno, why)
        return not wrong

    def _read_names(self, file: str, tree: nodes.Template, made: frozenset[str]) -> None:
        asked = _asked(tree)
        for node in tree.find_all(nodes.Name):
            if node.ctx == "load" and node.name not in made | asked:
                self._add(file, node.lineno, unknown(missing, node.name) + meant(node.name, self._known))

    def _finalize(self, value: object) -> object:
        if value is None:
            self._note(PRINTS_NONE)
            return ""
        shown = self._available.finalize or str
        return shown(value)

    def _note_unknown(self, noted: _Noted) -> None:
        self._note(noted.why + (meant(noted.called, self._known) if noted.is_top else ""))

    def _note(self, why: str) -> None:
        """Add a mistake at the line that is being rendered."""
        self._add(*innermost(_lines(), self._style), why)

    def _add(self, file: str, line: int, why: str) -> None:
        self.found.add(Mistake(file=file, line=line, why=why))

    def _add_unless_known(self, mistake: Mistake) -> None:
        """Add a mistake, unless its line has one already: that is mostly the cause."""
        if (mistake.file, mistake.line) not in {(each.file, each.line) for each in self.found}:
            self.found.add(mistake)


class _Noted(Unknown):
    """Stands for an unknown name: each use is reported, and gives an empty text instead of an error."""

    note: ClassVar[Callable[[_Noted], None]]

    def __str__(self) -> str:  # type: ignore[override] # the methods of Jinja's class never return, here and below
        type(self).note(self)
        return ""

    def __bool__(self) -> bool:  # type: ignore[override]
        return bool(str(self))

    def __len__(self) -> int:  # type: ignore[override]
        return len(str(self))

    def __iter__(self) -> Iterator[str]:  # type: ignore[override]
        return iter(str(self))

    def __getattr__(self, name: str) -> _Noted:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._same()

    def __call__(self, *_: object, **__: object) -> _Noted:  # type: ignore[override]
        return self._same()

    def __getitem__(self, _: object) -> _Noted:  # type: ignore[override]
        return self._same()

    def _same(self) -> _Noted:
        str(self)
        return self


def _lines() -> list[tuple[str, int]]:
    """The places in templates that this is called from, the outermost first: paths and lines."""
    found = []
    for frame, line in walk_stack(None):
        template = frame.f_globals.get("__jinja_template__")
        if template is not None and template.filename:
            found.append((template.filename, template.get_corresponding_lineno(line)))
    return found[::-1]


def _made(tree: nodes.Template) -> set[str]:
    """The names that a template defines somewhere."""
    names = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    names |= {node.name for node in tree.find_all(nodes.Macro)}
    names |= {node.target for node in tree.find_all(nodes.Import)}
    for node in tree.find_all(nodes.FromImport):
        names |= {each if isinstance(each, str) else each[1] for each in node.names}
    return names


def _asked(tree: nodes.Template) -> set[str]:
    """The names that a template tests before use: ``x is defined``, ``x | default("")``."""
    asking = {nodes.Test: ("defined", "undefined"), nodes.Filter: ("default", "d")}
    return {
        each.node.name
        for kind, names in asking.items()
        for each in tree.find_all(kind)
        if each.name in names and isinstance(each.node, nodes.Name)
    }
