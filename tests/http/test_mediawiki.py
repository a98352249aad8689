from __future__ import annotations

import hashlib
import unicodedata
from time import monotonic

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from irscribe.domain.errors import ServiceRefusedError, ServiceUnavailableError
from irscribe.integrations import wikisession
from irscribe.integrations.mediawiki import BearerToken, Finding, Page
from irscribe.integrations.wikisession import MOST_REJECTIONS, REJECTIONS_SECONDS
from tests.examples import few_examples
from tests.http.fake_mediawiki import Fault, Step, running_wiki
from tests.http.publishing import ADDRESS, SUMMARY, TEXT, TITLE, client, edits, logins
from tests.http.wikirules import ACCOUNT, BEARER, ApiError


@pytest.fixture
def fake():
    with running_wiki() as fake:
        yield fake


# publishing


def test_a_report_becomes_a_page_in_four_requests(fake):
    page = client(fake).publish(TITLE, TEXT, summary=SUMMARY)
    assert page == Page(url=ADDRESS, revision=1, created=True)
    assert fake.steps == [Step.LOGIN_TOKEN, Step.LOGIN, Step.QUERY, Step.EDIT]
    written = fake.wiki.pages[TITLE][0]
    assert (written.user, written.text, written.comment) == (ACCOUNT, TEXT.rstrip(), SUMMARY)


def test_a_token_needs_no_login(fake):
    page = client(fake, login=BearerToken(BEARER)).publish(TITLE, TEXT, summary=SUMMARY)
    assert page.created
    assert fake.steps == [Step.QUERY, Step.QUERY, Step.EDIT]
    assert fake.wiki.pages[TITLE][0].user == ACCOUNT


def test_the_next_report_is_published_without_a_new_login(fake):
    wiki = client(fake)
    wiki.publish(TITLE, TEXT, summary=SUMMARY)
    wiki.publish("Incidents/2021-11-03 Again", TEXT, summary=SUMMARY)
    assert fake.steps[4:] == [Step.QUERY, Step.EDIT]


def test_an_edit_carries_everything_that_keeps_it_harmless(fake):
    client(fake).publish(TITLE, "é\u0301 e\u0301\r\nline  \n\n", summary="one\nline")
    form = edits(fake)[0]
    text = unicodedata.normalize("NFC", "é\u0301 e\u0301\nline")
    assert form["text"] == text
    assert form["md5"] == hashlib.md5(text.encode()).hexdigest()  # noqa: S324 - the API's own check
    assert {name: form[name] for name in ("createonly", "assert", "assertuser", "maxlag", "watchlist", "summary")} == {
        "createonly": "1",
        "assert": "user",
        "assertuser": ACCOUNT,
        "maxlag": "5",
        "watchlist": "nochange",
        "summary": "one line",
    }
    assert not {"tags", "bot", "recreate"} & form.keys()
    assert list(form)[-1] == "token"


def test_the_wiki_is_asked_for_nothing_it_does_not_know(fake):
    wiki = client(fake)
    wiki.publish(TITLE, TEXT, summary=SUMMARY)
    wiki.look(TITLE, TEXT)
    wiki.check()
    fake.wiki.write(TITLE, "A person's words.")
    wiki.look(TITLE, TEXT)
    assert fake.wiki.warnings == []


def test_every_request_names_the_contact(fake):
    client(fake).publish(TITLE, TEXT, summary=SUMMARY)
    assert all("ops@example.org" in call.headers["User-Agent"] for call in fake.wiki.calls)


def test_a_page_that_is_ours_already_counts_as_done(fake):
    client(fake).publish(TITLE, TEXT, summary=SUMMARY)
    page = client(fake).publish(TITLE, TEXT, summary=SUMMARY)
    assert page == Page(url=ADDRESS, revision=1)
    assert len(edits(fake)) == 1


def test_a_page_of_ours_that_a_person_has_worked_on_counts_as_done_and_stays_as_it_is(fake):
    client(fake).publish(TITLE, TEXT, summary=SUMMARY)
    fake.wiki.write(TITLE, "Better words.")
    page = client(fake).publish(TITLE, TEXT, summary=SUMMARY)
    assert page == Page(url=ADDRESS, revision=1, revised=True)
    assert fake.wiki.pages[TITLE][-1].text == "Better words."


@pytest.mark.parametrize(("user", "whose"), [("HumanEditor", "a page of somebody else"), (ACCOUNT, "another report")])
def test_a_page_with_another_text_is_named_and_not_touched(fake, user, whose):
    fake.wiki.write(TITLE, "Something else.", user=user)
    with pytest.raises(ServiceRefusedError, match=whose) as refusal:
        client(fake).publish(TITLE, TEXT, summary=SUMMARY)
    assert ADDRESS in str(refusal.value)
    assert "nothing was overwritten" in str(refusal.value)
    assert edits(fake) == []


def test_our_text_under_another_name_is_not_ours(fake):
    fake.wiki.write(TITLE, TEXT, user="HumanEditor")
    assert client(fake).look(TITLE, TEXT) is None


def test_no_text_is_no_report(fake):
    with pytest.raises(ServiceRefusedError, match="no text"):
        client(fake).publish(TITLE, " \n", summary=SUMMARY)
    assert fake.steps == []


@pytest.mark.parametrize(
    "title",
    [
        "Incidents/#1 outage",
        "Incidents/a[b",
        "phab:T1",
        "incidents/x",
        "A|B",
        "Special:Version",
        "#abc",
        "Incidents/a  b",
    ],
)
def test_a_title_the_wiki_reads_otherwise_is_refused_before_the_edit(fake, title):
    with pytest.raises(ServiceRefusedError, match="another title"):
        client(fake).publish(title, TEXT, summary=SUMMARY)
    assert edits(fake) == []
    assert fake.wiki.pages == {}


@few_examples(HealthCheck.function_scoped_fixture)
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\n\r"), max_size=40))
def test_what_was_published_is_found_again(fake, text):
    fake.wiki.pages.clear()
    wiki = client(fake)
    try:
        page = wiki.publish(TITLE, text, summary=SUMMARY)
    except ServiceRefusedError:
        assert fake.wiki.pages == {}
        return
    assert wiki.look(TITLE, text) == Page(url=page.url, revision=page.revision)


# looking


def test_looking_writes_nothing(fake):
    assert client(fake).look(TITLE, TEXT) is None
    assert Step.EDIT not in fake.steps


def test_looking_finds_what_an_earlier_run_published(fake):
    client(fake).publish(TITLE, TEXT, summary=SUMMARY)
    assert client(fake).look(TITLE, TEXT) == Page(url=ADDRESS, revision=1)
    assert client(fake).look(TITLE, TEXT + "More.") is None


# refusals


def forbid(fake, **state: object) -> None:
    for name, value in state.items():
        setattr(fake.wiki, name, value)


@pytest.mark.parametrize(
    ("state", "text", "words"),
    [
        ({"rights": ("read",)}, TEXT, "grant “Create, edit, and move pages”.*\\[mediawiki\\] account and password"),
        ({"rights": ("read", "edit")}, TEXT, "may not create pages"),
        ({"blocked": "runaway bot"}, TEXT, "blocked.*WikiAdmin until 2026-11-22T05:03:39Z: runaway bot.*administrator"),
        ({"salted": {TITLE}}, TEXT, "protects this page.*another title"),
        ({"captcha": True}, TEXT, "captcha.*skipcaptcha"),
        ({}, "AFDISALLOW", "filter “Test: disallow word”"),
        ({}, "AFWARN", "filter “Test: warn word”"),
        ({}, "see http://evil-spam.example/x", "no link to evil-spam.example"),
        ({}, "\x02bold", "damaged"),
        ({}, "x" * (2048 * 1024 + 1), "longer than a page"),
    ],
)
def test_a_refusal_says_who_must_do_what_and_sends_nothing_twice(fake, state, text, words):
    forbid(fake, **state)
    with pytest.raises(ServiceRefusedError, match=words):
        client(fake).publish(TITLE, text, summary=SUMMARY)
    assert fake.wiki.pages == {}
    assert (len(edits(fake)), logins(fake)) == (1, 1)


@pytest.mark.parametrize(
    ("state", "seconds", "words"),
    [
        ({"edits_left": 0}, 60, "used up"),
        (
            {"readonly": "Database failover, back in 10 minutes"},
            300,
            "read-only: Database failover, back in 10 minutes",
        ),
        ({"lag": {"host": "", "lag": 9, "type": "db"}}, 5, "lags behind"),
    ],
)
def test_what_passes_by_itself_is_for_later(fake, state, seconds, words):
    wiki = client(fake)
    assert wiki.look(TITLE, TEXT) is None
    forbid(fake, **state)
    with pytest.raises(ServiceUnavailableError, match=words) as refusal:
        wiki.publish(TITLE, TEXT, summary=SUMMARY)
    assert refusal.value.retry_after == seconds
    assert fake.wiki.pages == {}


def test_an_unknown_refusal_is_told_with_its_code(fake):
    def refuse(given):
        raise ApiError("hookaborted", "The modification you tried to make was aborted by an extension.")

    fake.wiki._editable = refuse  # noqa: SLF001 - a refusal no recording has
    with pytest.raises(ServiceRefusedError, match=r"aborted by an extension \(hookaborted\)"):
        client(fake).publish(TITLE, TEXT, summary=SUMMARY)


# logging in


def test_a_rejected_login_is_tried_again_but_not_until_the_wiki_locks_it(fake, monkeypatch):
    fake.wiki.passwords.clear()
    wiki = client(fake)
    for _ in range(MOST_REJECTIONS + 2):
        with pytest.raises(ServiceRefusedError, match=r"Special:BotPasswords.*account and password.*restart"):
            wiki.publish(TITLE, TEXT, summary=SUMMARY)
    assert logins(fake) == MOST_REJECTIONS
    monkeypatch.setattr(wikisession, "monotonic", lambda: monotonic() + REJECTIONS_SECONDS)
    with pytest.raises(ServiceRefusedError, match="Special:BotPasswords"):
        wiki.publish(TITLE, TEXT, summary=SUMMARY)
    assert logins(fake) == MOST_REJECTIONS + 1


def test_a_login_that_the_wiki_accepts_again_publishes_without_a_restart(fake):
    passwords, fake.wiki.passwords = fake.wiki.passwords, {}
    wiki = client(fake)
    with pytest.raises(ServiceRefusedError):
        wiki.publish(TITLE, TEXT, summary=SUMMARY)
    fake.wiki.passwords = passwords
    assert wiki.publish(TITLE, TEXT, summary=SUMMARY).created


def test_a_throttled_login_is_for_later_although_the_password_is_right(fake):
    fake.wiki.failures = 5
    wiki = client(fake)
    with pytest.raises(ServiceUnavailableError, match="no login for a while") as refusal:
        wiki.publish(TITLE, TEXT, summary=SUMMARY)
    assert refusal.value.retry_after == 300
    fake.wiki.failures = 0
    assert wiki.publish(TITLE, TEXT, summary=SUMMARY).created


@pytest.mark.parametrize("step", [Step.QUERY, Step.EDIT])
def test_a_lost_session_is_opened_again_once(fake, step):
    fake.fail(step, Fault.LOST_SESSION)
    assert client(fake).publish(TITLE, TEXT, summary=SUMMARY).created
    assert logins(fake) == 2
    assert len(fake.wiki.pages[TITLE]) == 1


def test_a_token_that_has_gone_stale_costs_one_new_login(fake):
    fake.fail(Step.EDIT, Fault.STALE_TOKEN)
    assert client(fake).publish(TITLE, TEXT, summary=SUMMARY).created
    assert logins(fake) == 2


def test_a_session_that_is_lost_again_and_again_is_given_up(fake):
    fake.fail(Step.QUERY, Fault.LOST_SESSION)
    fake.fail(Step.QUERY, Fault.LOST_SESSION)
    with pytest.raises(ServiceUnavailableError, match="forgets the bot's login"):
        client(fake).publish(TITLE, TEXT, summary=SUMMARY)
    assert logins(fake) == 2


def test_a_password_revoked_in_mid_session_asks_for_a_new_one(fake):
    wiki = client(fake)
    wiki.publish(TITLE, TEXT, summary=SUMMARY)
    fake.wiki.revoke()
    with pytest.raises(ServiceRefusedError, match="does not accept the bot's name and password"):
        wiki.look(TITLE, TEXT)
    assert logins(fake) == 2


def test_a_login_that_loses_its_cookie_names_the_setting(fake):
    fake.fail(Step.LOGIN, Fault.LOST_SESSION)
    with pytest.raises(ServiceRefusedError, match=r"\[mediawiki\] url to its https: address"):
        client(fake).publish(TITLE, TEXT, summary=SUMMARY)


def test_a_token_that_is_not_accepted_names_the_setting(fake):
    with pytest.raises(ServiceRefusedError, match=r"\[mediawiki\] token"):
        client(fake, login=BearerToken("wrong.token")).look(TITLE, TEXT)


def test_a_private_wiki_is_read_and_written_after_the_login(fake):
    fake.wiki.private = True
    assert client(fake).publish(TITLE, TEXT, summary=SUMMARY).created


# addresses


@pytest.mark.parametrize("path", ["/api.php", "/w/api.php/", "/w/index.php", "/", "/w"])
def test_a_wrong_path_names_the_setting(fake, path):
    url = fake.url.replace("/w/api.php", path)
    with pytest.raises(ServiceRefusedError, match=r"\[mediawiki\] url to the address of its api.php"):
        client(fake, url=url).publish(TITLE, TEXT, summary=SUMMARY)


def test_a_page_of_html_is_no_api(fake):
    fake.fail(Step.LOGIN_TOKEN, Fault.HTML_BEFORE)
    with pytest.raises(ServiceRefusedError, match=r"\[mediawiki\] url"):
        client(fake).look(TITLE, TEXT)


@pytest.mark.parametrize("step", list(Step))
def test_a_redirect_is_not_followed_but_named(fake, step):
    fake.fail(step, Fault.REDIRECT)
    with pytest.raises(ServiceRefusedError, match=r"https://wiki.example/w/api.php.*\[mediawiki\] url"):
        client(fake).publish(TITLE, TEXT, summary=SUMMARY)
    assert fake.wiki.pages == {}


def test_a_wiki_that_is_not_there_is_for_later():
    with running_wiki() as fake:
        wiki = client(fake)
    with pytest.raises(ServiceUnavailableError):
        wiki.publish(TITLE, TEXT, summary=SUMMARY)


# checking


def test_a_check_finds_a_wiki_in_order(fake):
    assert client(fake).check() == [
        Finding(well=True, text="IncidentTestWiki, logged in as IncidentBot"),
        Finding(well=True, text="the bot may create pages"),
    ]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"rights": ("read", "edit")}, "may not create pages"),
        ({"blocked": "runaway bot"}, "blocked"),
        ({"readonly": "Database failover"}, "read-only: Database failover"),
        ({"interwikis": ("gerrit",)}, "prefix phab:"),
        ({"passwords": {}}, "account and password"),
    ],
)
def test_a_check_says_what_to_do_about_the_rest(fake, state, words):
    forbid(fake, **state)
    (ill,) = [finding for finding in client(fake).check(task_prefix="phab") if not finding.well]
    assert words in ill.text
