import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.report import Item, Link, State
from irscribe.render import render
from irscribe.render.taskmarkup import GRAVE, JOINT, ON_SERVER, escape
from tests import reports
from tests.golden import assert_golden

blocks, bullets, link, spoken, typed = (
    ON_SERVER.blocks,
    ON_SERVER.bullets,
    ON_SERVER.link,
    ON_SERVER.spoken,
    ON_SERVER.typed,
)
MADE = {
    "2019-10-07": reports.seed_2019,
    "2021-11-02": reports.seed_2021,
    "maximal": reports.maximal,
    "watched": reports.watched,
    "empty": reports.empty,
}
TOKENS = [case["rendered"] for case in reports.NASTY]
TOKENS += [
    "**",
    "*",
    "//",
    "/",
    "__",
    "~~",
    "!!",
    "##",
    "#",
    "`",
    "```",
    "%%%",
    "[[",
    "]]",
    "[",
    "](",
    ")",
    "{",
    "}",
    "|",
]
TOKENS += [
    "@nick",
    "@",
    "#sre",
    "T12",
    "T1",
    "F1",
    "rX12ab",
    "R1:abc",
    "deadbeef",
    ":smile:",
    ":",
    "{icon bell}",
    "{T1}",
]
TOKENS += [
    "https://x.example/",
    "https://[::1]/",
    "- ",
    "1. ",
    "= ",
    "> ",
    "NOTE: ",
    "[x] ",
    "cowsay{{{",
    " ",
    "\n",
    "word",
]

OUR_LINK = re.compile(r"(?<!\w)\[\[ ([^|\]\[`{}\n]+?)(?: \| ([^\]`{}\n]+))? \]\](?!\w)", re.ASCII)
MONOSPACED = re.compile(r"##[\s\S]+?##|(?<!\w)`(.+?)`", re.ASCII)
"""The server's rule for code, which comes before those for links and names."""
ACTS = {
    "bold": re.compile(r"\*\*.+?\*\*"),
    "italic": re.compile(r"//.+?//"),
    "underlined": re.compile(r"__.+?__"),
    "struck": re.compile(r"~~.+?~~"),
    "highlighted": re.compile(r"!!.+?!!"),
    "monospaced": re.compile(r"##.+?##|`"),
    "a wiki link": re.compile(r"\[\[|\]\]"),
    "a labelled link": re.compile(r"\[[^\]]+\]\("),
    "an address": re.compile(r"[A-Za-z]://"),
    "an embedded object": re.compile(r"\{[^\s\u200b]"),
    "a mention": re.compile(r"(?<![\w@])@[a-zA-Z0-9._-]*[a-zA-Z0-9_-]", re.ASCII),
    "an object": re.compile(r"(?<![#@-])\b[A-Z][1-9][0-9]*(?!\w)", re.ASCII),
    "a project": re.compile(r"(?<![#@\w-])#[^.\s?!,:;{}#()\"'*/~\u200b]", re.ASCII),
    "a commit": re.compile(r"\b(?:r[A-Z]+:?[0-9a-f]|R[0-9]+:[0-9a-f])", re.ASCII),
    "an emoji": re.compile(r"(?<!\w):[a-z0-9_+-]+:"),
}
"""Patterns of the server's inline rules: the texts that they take for markup (or for an order), by their sources."""

BEGINS_A_BLOCK = re.compile(
    r"\s|[-*#]+\s|[0-9]+[.)]\s|\[\D?\]|[=>|#]|%%%|---|\(?(?:NOTE|WARNING|IMPORTANT)[:)]|[a-zA-Z0-9:_-]*[a-zA-Z_][a-zA-Z0-9:_-]*$"
)


def page(report):
    return render(report, "remarkup", reports.style())


def without_our_links(remarkup):
    """The text without what the server reads first: code, and then our links."""
    return OUR_LINK.sub("\x01", MONOSPACED.sub("\x01", str(remarkup)))


def as_read(remarkup):
    shown = OUR_LINK.sub(lambda found: found[2] or found[1], str(remarkup))
    return shown.replace(JOINT, "").replace(GRAVE, "`")


def assert_inert(remarkup):
    bare = without_our_links(remarkup)
    assert not [name for name, rule in ACTS.items() if rule.search(bare)]


@pytest.mark.parametrize("name", MADE)
def test_every_report_is_written_as_its_golden_text(name):
    assert_golden(f"{name}.remarkup", page(MADE[name]()))


@pytest.mark.parametrize("case", reports.NASTY, ids=lambda case: case["id"])
def test_a_nasty_text_acts_on_nothing(case):
    assert_inert(typed(case["rendered"]))
    assert_inert(typed(case["input"]))


@pytest.mark.parametrize("case", reports.NASTY, ids=lambda case: case["id"])
def test_a_nasty_text_without_links_shows_as_it_was_typed(case):
    assert escape(case["rendered"]).replace(JOINT, "").replace(GRAVE, "`") == case["rendered"].replace(JOINT, "")


@given(st.lists(st.sampled_from(TOKENS)).map("".join))
def test_whatever_is_put_together_acts_on_nothing(text):
    assert_inert(typed(text))
    assert_inert(escape(text))


@given(st.lists(st.sampled_from([token for token in TOKENS if "://" not in token])).map("".join))
def test_whatever_is_put_together_shows_as_it_was_typed(text):
    read = " ".join(as_read(typed(text)).replace("/T", "T").split())
    assert read == " ".join(text.replace(JOINT, "").replace("/T", "T").split())


@given(st.lists(st.sampled_from(TOKENS)).map("".join))
def test_no_line_of_a_typed_text_begins_a_block(text):
    for line in blocks(text).split("\n"):
        assert not BEGINS_A_BLOCK.match(line.replace("[[ ", ""))
    assert not BEGINS_A_BLOCK.match(typed(text).replace("[[ ", ""))


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_any_text_at_all_can_be_written_to_a_file(text):
    assert_inert(typed(text).encode().decode())


def test_a_typed_name_is_not_called_and_a_typed_project_is_not_tagged():
    assert typed("ask @bob about #sre") == f"ask @{JOINT}bob about #{JOINT}sre"


def test_a_mail_address_and_a_shell_prompt_need_no_joint():
    assert typed("mail root@cp3050:~# now") == "mail root@cp3050:~# now"


def test_a_typed_task_is_a_link_that_leaves_the_task_alone():
    assert typed("see T291813, please") == "see [[ /T291813 | T291813 ]], please"


def test_the_tasks_of_the_incident_and_its_actionables_are_live():
    written = page(reports.seed_2021())
    assert "\n- Incident task: T294853\n" in written
    assert "\n- [ ] Improve automated testing and monitoring of cloud networking, T294955\n" in written
    assert "[[ /T291813 | T291813 ]]" in written


def test_a_url_is_a_link_that_shows_as_typed():
    assert typed("see https://x.example/a?b=1, then") == "see [[ https://x.example/a?b=1 ]], then"
    assert typed("see https://x.example/a|b x") == "see [[ https://x.example/a%7Cb | https://x.example/a|b ]] x"


def test_a_url_with_an_odd_host_is_only_shown():
    assert typed("at http://[::1]/ now") == f"at http:/{JOINT}/[::1]/ now"


def test_a_link_keeps_clear_of_a_word():
    assert typed("we see_https://x.example/_y") == f"we see_{JOINT}[[ https://x.example/_y ]]"


@pytest.mark.parametrize(
    "command", ["ls", "curl https://x.example/T1 | grep '@bob' #sre", "a::x: **b** //c//", "[[x]]"]
)
def test_a_command_in_backticks_stays_as_it_was_typed(command):
    assert typed(f"run `{command}` now") == f"run `{command}` now"


@given(st.lists(st.sampled_from(TOKENS)).map("".join))
def test_what_is_shown_as_code_is_what_was_typed_as_code(text):
    for code in MONOSPACED.finditer(str(typed(text))):
        assert code[1] is not None
        assert f"`{code[1]}`" in text


@pytest.mark.parametrize("text", ["it`s a `", "`", "``", "a`b`c", "` ls `", "`${{{1}}}`", "```x```"])
def test_a_backtick_that_sets_no_command_is_replaced_by_what_looks_like_it(text):
    assert typed(text).replace(JOINT, "").replace(GRAVE, "`") == text
    assert "`" not in typed(text)


def test_an_emoji_behind_a_colon_is_none():
    assert typed("at T::x: failed") == f"at T::{JOINT}x: failed"


def test_a_fragment_with_two_pairs_of_hashes_stays_in_its_link():
    assert typed("see https://x.example/#a##T1##b") == "see [[ https://x.example/#a#%23T1#%23b ]]"


def test_a_scheme_in_capitals_is_a_link():
    assert typed("see HTTPS://x.example/A") == "see [[ https://x.example/A | HTTPS://x.example/A ]]"


def test_a_single_word_is_no_image_macro():
    assert bullets((Item(text="lgtm"),)) == f"- {JOINT}lgtm\n"


def test_the_marker_is_bold_and_a_task_in_it_a_link():
    entry = reports.maximal().timeline[1]
    assert spoken(entry) == f"{JOINT}5xx rise. **OUTAGE for [[ /T390513 | T390513 ]] BEGINS**"


def test_bold_keeps_clear_of_typed_asterisks():
    entry = replace(reports.maximal().timeline[-1], text="see *OUTAGE ENDS* now")
    assert spoken(entry) == f"see *{JOINT}**OUTAGE ENDS**{JOINT}* now"


def test_a_line_feed_in_a_bullet_is_a_paragraph_of_that_bullet():
    assert typed("two lines:\n* second") == f"two lines:\n\n  {JOINT}* second"


def test_the_name_of_a_commit_is_parted_behind_its_first_character():
    assert typed("at deadbeef now") == f"at d{JOINT}eadbeef now"
    assert typed("at rOPUPdead1 now") == f"at r{JOINT}OPUPdead1 now"


def test_a_link_stands_behind_its_title():
    page_of_sal = Link(url="https://sal.example/?d=1", title="the [[SAL]]")
    assert as_read(link(page_of_sal)) == "the [[SAL]]: https://sal.example/?d=1"
    assert link(replace(page_of_sal, title=None)) == "[[ https://sal.example/?d=1 ]]"


@pytest.mark.parametrize("case", reports.NASTY, ids=lambda case: case["id"])
def test_a_nasty_text_makes_no_heading_and_no_table(case):
    harmless, hostile = page(reports.saying("so it was")), page(reports.saying(case["rendered"] or "—"))
    assert re.findall(r"^=.*$", hostile, re.MULTILINE) == re.findall(r"^=.*$", harmless, re.MULTILINE)
    assert not re.search(r"^\s*\|", hostile, re.MULTILINE)


def test_a_cancelled_incident_says_so():
    cancelled = replace(reports.empty(), incident=replace(reports.empty().incident, state=State.CANCELLED))
    assert "IMPORTANT: This incident was cancelled." in page(cancelled)
