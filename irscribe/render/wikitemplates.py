"""Finds the templates that a wikitext page uses: ``{{name}}`` with or without arguments.

MediaWiki's own uses of the same braces are left out: its variables (Help:Magic words of MediaWiki 1.39) and its
functions, whose names end in a colon or begin with ``#``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<nowiki>.*?</nowiki>", re.DOTALL | re.IGNORECASE)
_OPENING = re.compile(r"(?<!\{)\{\{(?!\{)\s*(?P<name>[^{}|<>\[\]\n]*)")
_MODIFIER = re.compile(r"(?:subst|safesubst|msgnw|msg|raw)\s*:\s*", re.IGNORECASE)
_NAMESPACE = re.compile(r"template\s*:\s*", re.IGNORECASE)
_VARIABLE = re.compile(
    r"!|=|SITENAME|SERVER|SERVERNAME|SCRIPTPATH|STYLEPATH|CONTENTLANGUAGE|PAGEID|PAGELANGUAGE|DIRECTIONMARK|DIRMARK|"
    r"(?:FULL|BASE|SUB|ROOT|TALK|SUBJECT|ARTICLE)?PAGENAMEE?|(?:NAME|TALK|SUBJECT|ARTICLE)SPACEE?|NAMESPACENUMBER|"
    r"(?:CURRENT|LOCAL|REVISION|NUMBEROF)[A-Z0-9]+|CASCADINGSOURCES|NOEXTERNALLANGLINKS"
)


def named_templates(page: str) -> Iterator[str]:
    """Give the names of the templates that a page uses, as it spells them; a name may come more than once."""
    for found in _OPENING.finditer(_COMMENT.sub("", page)):
        name = _template(found["name"])
        if name:
            yield name


def _template(called: str) -> str | None:
    """Give the name of a template; None if something else is called."""
    name = " ".join(_MODIFIER.sub("", called, count=1).replace("_", " ").split())
    page = name.partition("#")[0].rstrip()
    bare = _NAMESPACE.sub("", page, count=1)
    if bare == page and ":" in page:
        return None
    return None if _VARIABLE.fullmatch(bare) else bare or None
