import json
import string
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from irscribe.integrations.redaction import HIDDEN, Redaction

TOKENS = st.builds(
    lambda kind, rest: f"{kind}-{rest}",
    st.sampled_from(["api", "cli", "clr", "API"]),
    st.text(string.ascii_lowercase + string.digits, min_size=28, max_size=32),
)


@given(st.text(), TOKENS, st.text())
def test_a_conduit_token_is_hidden_wherever_it_stands(before, token, after):
    assert token not in Redaction(()).of(before + token + after)


# a digit, as what stands around the secret has none
SECRETS = st.text(st.characters(min_codepoint=33, exclude_categories=["C", "Z"]), min_size=3).map("{}7".format)
LETTERS = st.text(string.ascii_letters)


@given(SECRETS, LETTERS, LETTERS)
@example('p"ä/ß\\ %7', "a", "b")
def test_a_secret_is_hidden_in_every_spelling(secret, before, after):
    hide = Redaction([secret]).of
    for spelled in (secret, json.dumps(secret)[1:-1], quote(secret), quote(secret, safe=""), quote_plus(secret)):
        assert hide(f"{before} {spelled} {after}") == f"{before} {HIDDEN} {after}"


def test_credentials_in_an_address_are_hidden():
    text = "no way to http://user:hunter2@proxy.example:3128/ or https://x@y"
    assert Redaction(()).of(text) == f"no way to http://{HIDDEN}@proxy.example:3128/ or https://{HIDDEN}@y"


@pytest.mark.parametrize("nothing", ["", "  "])
def test_no_secret_hides_nothing(nothing):
    assert Redaction([nothing]).of("as it was: api-short, a b") == "as it was: api-short, a b"


def test_of_two_secrets_the_longer_one_is_hidden_whole():
    assert Redaction(["abc", "abcdef"]).of("abcdef abc") == f"{HIDDEN} {HIDDEN}"
