import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.marker import behind, find, kept, nearly, outage_marker, outage_text, scope_key
from irscribe.domain.report import Marker, MarkerKind

BEGINS, ENDS = MarkerKind.BEGINS, MarkerKind.ENDS


@pytest.mark.parametrize(
    ("text", "kind", "phrase", "scope"),
    [
        ("OUTAGE BEGINS", BEGINS, "OUTAGE BEGINS", None),
        ("so the OUTAGE STARTS now", BEGINS, "OUTAGE STARTS", None),
        ("OUTAGE for most VMs ENDS Once all is up", ENDS, "OUTAGE for most VMs ENDS", "for most VMs"),
        ("restored. USER-FACING TOOL OUTAGE ENDS", ENDS, "USER-FACING TOOL OUTAGE ENDS", "USER-FACING TOOL"),
        ("(NFS OUTAGE ENDS).", ENDS, "NFS OUTAGE ENDS", "NFS"),
        ("NFS OUTAGE for k8s/api v1.2 ENDS", ENDS, "NFS OUTAGE for k8s/api v1.2 ENDS", "for k8s/api v1.2"),
        ("OUTAGE a b c d e f ENDS", ENDS, "OUTAGE a b c d e f ENDS", "a b c d e f"),
        ("OUTAGE of Bryan's bot ENDS", ENDS, "OUTAGE of Bryan's bot ENDS", "of Bryan's bot"),
        ("DNS OUTAGE BEGINS and NFS OUTAGE ENDS", BEGINS, "DNS OUTAGE BEGINS", "DNS"),
        ("the OUTAGE is long but NFS OUTAGE ENDS", ENDS, "NFS OUTAGE ENDS", "NFS"),
        ("<hieu> OUTAGE ENDS", ENDS, "OUTAGE ENDS", None),
        ("noted\nNFS OUTAGE ENDS\nmore", ENDS, "NFS OUTAGE ENDS", "NFS"),
    ],
)  # fmt: skip
def test_a_marker_is_found_with_its_phrase_and_scope(text, kind, phrase, scope):
    assert find(text) == Marker(kind=kind, phrase=phrase, scope=scope)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "outage begins",
        "Outage BEGINS",
        "OUTAGE begins",
        "OUTAGES BEGINS",
        "PRE-OUTAGE BEGINS",
        "OUTAGE ENDS-ish",
        "OUTAGE ENDSX",
        "OUTAGE, it ENDS",
        "OUTAGE: ENDS",
        "OUTAGE (NFS) ENDS",
        "OUTAGE\nENDS",
        "OUTAGE a b c d e f g ENDS",
        "the expected Horizon outage window ENDS",
    ],
)
def test_other_words_are_no_marker(text):
    assert find(text) is None


@given(st.text(st.sampled_from("OUTAGE BEGINSafx-.,(\n"), max_size=80) | st.text())
def test_a_phrase_is_always_a_part_of_the_text_and_a_marker_itself(text):
    marker = find(text)
    if marker is not None:
        assert marker.phrase in text
        assert find(marker.phrase) == marker


@given(
    st.lists(st.sampled_from(["NFS", "USER-FACING", "k8s/api", "most", "VMs"]), max_size=6), st.sampled_from(MarkerKind)
)
def test_a_typed_marker_is_found_in_the_middle_of_prose(words, kind):
    phrase = " ".join(["OUTAGE", *words, kind.upper()])
    assert find(f"at last, {phrase}, said Bryan") == Marker(kind=kind, phrase=phrase, scope=" ".join(words) or None)


@pytest.mark.parametrize(
    ("scope", "text"),
    [
        (None, "OUTAGE BEGINS"),
        ("", "OUTAGE BEGINS"),
        ("NFS", "OUTAGE for NFS BEGINS"),
        ("for NFS", "OUTAGE for NFS BEGINS"),
        ("of NFS, DNS (and LDAP)", "OUTAGE of NFS, DNS (and LDAP) BEGINS"),
    ],
)
def test_the_command_spells_a_marker_for_a_scope_of_any_wording(scope, text):
    assert outage_text(BEGINS, scope) == text
    assert outage_marker(BEGINS, scope).phrase == text


@pytest.mark.parametrize("scope", [None, "NFS", "most VMs", "for k8s/api"])
def test_a_spelled_marker_of_plain_words_is_the_one_found_in_it(scope):
    assert find(outage_text(ENDS, scope)) == outage_marker(ENDS, scope)


def test_a_fix_keeps_a_marker_whose_phrase_is_still_there():
    marker = outage_marker(BEGINS, "NFS, DNS (and LDAP)")
    assert find(marker.phrase) is None
    assert kept(marker, f"{marker.phrase} says icinga") == marker


def test_a_fix_that_takes_the_phrase_away_takes_the_marker_away():
    assert kept(outage_marker(BEGINS, "NFS, DNS"), "false alarm") is None


def test_a_fix_may_bring_a_marker_or_widen_the_one_it_had():
    assert kept(None, "OUTAGE ENDS") == outage_marker(ENDS, None)
    assert kept(outage_marker(ENDS, None), "NFS OUTAGE ENDS") == Marker(
        kind=ENDS, phrase="NFS OUTAGE ENDS", scope="NFS"
    )
    assert kept(outage_marker(BEGINS, None), "OUTAGE ENDS") == outage_marker(ENDS, None)


def test_spellings_of_one_scope_are_the_same_scope():
    assert scope_key("NFS") == scope_key("for nfs") == scope_key("of the NFS") == "nfs"
    assert scope_key(None) is None
    assert scope_key("for") == "for"


@pytest.mark.parametrize(
    ("text", "typed", "meant"),
    [
        ("OUTAGE OVER", "OUTAGE OVER", "OUTAGE ENDS"),
        ("08:44 OUTAGE STARTED at last", "OUTAGE STARTED", "OUTAGE BEGINS"),
        ("so NFS OUTAGE for k8s/api ENDED", "OUTAGE for k8s/api ENDED", "OUTAGE for k8s/api ENDS"),
    ],
)
def test_words_that_are_nearly_a_marker_are_told_with_the_marker(text, typed, meant):
    assert nearly(text) == (typed, meant)
    assert find(text) is None
    assert find(text.replace(typed, meant)) is not None


@pytest.mark.parametrize(
    "text", ["", "outage over", "OUTAGE ENDS, it is OVER", "OUTAGE: OVER to bob", "OUTAGE OVERDUE"]
)
def test_other_words_are_not_nearly_a_marker(text):
    assert nearly(text) is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [("OUTAGE BEGINS 08:45", "08:45"), ("NFS OUTAGE ENDS: 9:10, I think", "9:10, I think"), ("08:45 it broke", "")],
)
def test_the_text_behind_a_marker_is_found(text, rest):
    assert behind(text) == rest
