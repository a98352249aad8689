"""The templates that a page uses, as ``check`` asks the wiki for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.render.wikitemplates import named_templates
from irscribe.render.wikitext import templates_used
from tests import reports

USED = {
    "{{irdoc|status=draft}}": ["irdoc"],
    "{{Incident scorecard\n| task = T1\n}}": ["Incident scorecard"],
    "{{ TOC |align=right}}": ["TOC"],
    "{{Foo_bar}} {{Foo  bar}}": ["Foo bar", "Foo bar"],
    "{{outer|{{inner}}}}": ["outer", "inner"],
    "{{Template:Baz}} {{template: baz}}": ["Baz", "baz"],
    "{{subst:Sub}} {{safesubst:Safe|x}}": ["Sub", "Safe"],
    "{{#if: {{{1|}}} | {{Shown}} }}": ["Shown"],
    "{{PAGENAME}} {{CURRENTYEAR}} {{!}} {{NUMBEROFPAGES}}": [],
    "{{lc:TEXT}} {{DISPLAYTITLE:x}} {{:Main Page}}": [],
    "<!-- {{Not}} --> <nowiki>{{Not}}</nowiki> {{{parameter}}}": [],
    "&#123;&#123;typed&#125;&#125; {| {{}} {{|}} {single}": [],
    "<!-- {{Never closed}}": [],
}


@pytest.mark.parametrize(("page", "names"), USED.items())
def test_a_template_is_found_by_its_name(page, names):
    assert [*named_templates(page)] == names


@given(st.text("{}|:#<>!-_ aB\n"))
def test_any_page_can_be_read_and_a_name_holds_no_braces(page):
    assert all(name and not {*name} & {*"{}|#<>\n"} for name in named_templates(page))


@pytest.mark.parametrize(
    ("layout", "names"),
    [
        ("plain", ()),
        ("wikimedia", ("Done", "Incident scorecard", "TOC", "irdoc")),
        ("wikimedia-2021", ("Done", "irdoc")),
        ("wikimedia-2019", ("Done", "irdoc-draft", "irdoc-final", "irdoc-review")),
    ],
)
def test_each_shipped_layout_uses_its_templates(layout, names):
    assert templates_used(reports.style(layout)) == names


def test_a_layout_of_one_s_own_is_read_as_it_is_written_out(tmp_path):
    text = "{{ours|<< incident.title or '{{typed}}' >>}}{% if missing %}{{never}}{% endif %}"
    (tmp_path / "acme.wiki").write_text(text, encoding="utf-8")
    assert templates_used(reports.style("acme", tmp_path)) == ("ours",)
