from hypothesis import given
from hypothesis import strategies as st

from irscribe.render.pieces import PieceKind, paragraphs, pieces

TOKENS = ["https://", "http://[::1]", "a.example", "/", "(", ")", "[", "]", "{", "}", "T12", "T", "1234567", " ", "\n"]
TOKENS += [".", ",", "'", "|", "~", "_", "OUTAGE BEGINS", "x", "#", "@", "-", ":", "<", '"', "é"]


def kinds(text, phrase=None):
    return [(piece.kind.value, piece.text) for piece in pieces(text, phrase)]


def urls(text):
    return [piece.text for piece in pieces(text) if piece.kind is PieceKind.URL]


def tasks(text):
    return [piece.text for piece in pieces(text) if piece.kind is PieceKind.TASK]


@given(st.lists(st.sampled_from(TOKENS)).map("".join), st.sampled_from([None, "OUTAGE BEGINS", "", "x"]))
def test_the_pieces_joined_are_the_text(text, phrase):
    cut = pieces(text, phrase)
    assert "".join(piece.text for piece in cut) == text
    assert all(piece.text for piece in cut)


@given(st.text())
def test_any_text_at_all_can_be_cut(text):
    assert "".join(piece.text for piece in pieces(text)) == text


def test_a_url_ends_before_the_punctuation_of_the_sentence():
    assert urls("see https://example.org/a, https://example.org/b.") == [
        "https://example.org/a",
        "https://example.org/b",
    ]
    assert urls("'https://example.org/c'!") == ["https://example.org/c"]


def test_a_url_keeps_the_brackets_that_it_opened():
    assert urls("(see https://example.org/a_(b)?x=1&y=2#z)") == ["https://example.org/a_(b)?x=1&y=2#z"]
    assert urls("{https://example.org/[x]}") == ["https://example.org/[x]"]
    assert urls("http://[::1]/ .") == ["http://[::1]/"]


def test_a_url_ends_at_angle_brackets_and_quotes():
    assert urls('<https://example.org/a> "https://example.org/b"') == ["https://example.org/a", "https://example.org/b"]


def test_what_has_no_host_is_no_url():
    assert urls("https:// and http://. and https://_ and xhttps://example.org and ftp://example.org") == []


def test_task_ids_are_found_in_prose():
    assert tasks("T291813), T294853. (T12) T1234567: done; T99-") == ["T291813", "T294853", "T12", "T1234567", "T99"]


def test_what_is_glued_to_something_else_is_no_task_id():
    assert tasks("phab:T12 xT12 T12x T1 T12345678 #T12 @T12 a-T12 T12-b T12.py /T12 t12 T12/3 éT12 T12_a") == []


def test_a_task_in_a_url_stays_part_of_the_url():
    assert kinds("https://phab.example/T123") == [("url", "https://phab.example/T123")]


def test_a_line_feed_is_a_break():
    assert kinds("a\nb") == [("text", "a"), ("break", "\n"), ("text", "b")]


def test_the_phrase_is_one_piece_with_its_own_pieces():
    cut = pieces("restored. OUTAGE for T123 ENDS see T124", "OUTAGE for T123 ENDS")
    assert [piece.kind.value for piece in cut] == ["text", "phrase", "text", "task"]
    assert [(piece.kind.value, piece.text) for piece in cut[1].inner] == [
        ("text", "OUTAGE for "),
        ("task", "T123"),
        ("text", " ENDS"),
    ]


def test_a_phrase_that_is_not_in_the_text_is_left_alone():
    assert kinds("nothing here", "OUTAGE BEGINS") == [("text", "nothing here")]


def test_only_the_first_occurrence_of_the_phrase_is_bold():
    found = [piece.kind for piece in pieces("OUTAGE ENDS OUTAGE ENDS", "OUTAGE ENDS")]
    assert found == [PieceKind.PHRASE, PieceKind.TEXT]


def test_a_text_has_the_paragraphs_that_blank_lines_make():
    assert paragraphs("a\nb\n\n \nc\n") == ("a\nb", "c")
    assert paragraphs("  ") == ()
