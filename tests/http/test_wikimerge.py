"""The fake wiki's merge of two edits, held to what a real MediaWiki 1.39 made of them."""

from __future__ import annotations

import pytest

from irscribe.integrations.wikirefusals import PageChangedError
from tests.http.fake_mediawiki import running_wiki
from tests.http.publishing import SUMMARY, TITLE, client
from tests.http.wikimerge import merge
from tests.http.wikirules import ACCOUNT

BASE = """== Summary ==
Kernel upgrade broke ingress.

== Timeline ==
* 11:35 first alert

== Actionables ==
* [[phab:T294955|T294955]]"""
PERSONS = BASE.replace("Kernel upgrade broke ingress.", "A kernel upgrade broke all ingress.")
SAME_LINE = BASE.replace("Kernel upgrade broke ingress.", "Bot says something else here.")
OTHER_LINE = BASE.replace("* 11:35 first alert", "* 11:35 first alert\n* 12:00 rollback")


def test_edits_of_one_line_conflict_and_edits_of_two_sections_are_both_kept():
    assert merge(BASE, SAME_LINE, PERSONS) is None
    both = PERSONS.replace("* 11:35 first alert", "* 11:35 first alert\n* 12:00 rollback")
    assert merge(BASE, OTHER_LINE, PERSONS) == both
    assert merge(BASE, OTHER_LINE, OTHER_LINE) == OTHER_LINE


@pytest.fixture
def fake():
    with running_wiki() as fake:
        fake.wiki.write(TITLE, BASE, user=ACCOUNT)
        yield fake


def test_a_revision_of_a_page_that_has_another_one_by_now_is_not_sent(fake):
    fake.wiki.write(TITLE, PERSONS)
    with pytest.raises(PageChangedError):
        client(fake).revise(TITLE, OTHER_LINE, base=1, summary=SUMMARY)
    assert [each.text for each in fake.wiki.pages[TITLE]] == [BASE, PERSONS]


def test_a_page_that_is_gone_is_not_made_again_by_a_revision(fake):
    fake.wiki.delete(TITLE)
    with pytest.raises(PageChangedError):
        client(fake).revise(TITLE, OTHER_LINE, base=1, summary=SUMMARY)
    assert fake.wiki.pages == {}
