from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from irscribe.integrations.taskform import LONGEST_URL, FormDraft, form_url
from irscribe.integrations.tasks import fit_text, fit_title

BASE = "https://phabricator.example.org"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def fields(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query, strict_parsing=True).items()}


def test_a_form_is_filled_in_by_its_address():
    draft = FormDraft(
        title="NFS & co. down", description="= a =\nb", tags=("#sre", "wikimedia-incident"), priority="high"
    )
    url = form_url(BASE + "/", draft)
    assert url.startswith(f"{BASE}/maniphest/task/edit/form/default/?title=NFS%20%26%20co.%20down&description=")
    assert fields(url) == {
        "title": "NFS & co. down",
        "description": "= a =\nb",
        "tags": "sre,wikimedia-incident",
        "priority": "high",
    }


def test_a_form_of_the_servers_own_has_its_number():
    assert "/maniphest/task/edit/form/1/?" in form_url(BASE, FormDraft(title="a", description="", form="1"))


def test_what_is_not_wished_for_is_left_to_the_form():
    assert fields(form_url(BASE, FormDraft(title="a", description="b"))) == {"title": "a", "description": "b"}


@given(title=TEXT, description=TEXT, tags=st.lists(TEXT, max_size=2), priority=st.none() | TEXT)
def test_an_address_is_plain_ascii_short_enough_and_holds_what_was_given(title, description, tags, priority):
    url = form_url(BASE, FormDraft(title=title, description=description, tags=tuple(tags), priority=priority))
    if url is not None:
        assert url.isascii()
        assert not set(url) & set(' "<>\\^`{|}\n')
        assert len(url) <= LONGEST_URL
        assert fields(url)["title"] == fit_title(title)
        assert fields(url).get("description", "") == fit_text(description)


@given(st.integers(0, 20))
def test_a_draft_is_in_the_address_up_to_its_limit_and_not_beyond(over):
    room = LONGEST_URL - len(form_url(BASE, FormDraft(title="a", description="x"))) + 1
    assert len(form_url(BASE, FormDraft(title="a", description="x" * (room - over)))) == LONGEST_URL - over
    assert form_url(BASE, FormDraft(title="a", description="x" * (room + 1 + over))) is None
