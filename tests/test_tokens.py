"""Words, gaps and links of all kinds of text, and that no text sees its neighbour."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import tokens as t
from cleaner.tokens import Tokens, tokenize, word_keys

TEXTS = st.text(st.characters() | st.sampled_from(" \n\t.,!?'’\"“”—-|•\u00a0\u2028\0\ud800\udfffabzAÉß漢😀0123/:@"))


def words(text: str) -> list[str]:
    """The words of one text, without the border."""
    tokens = tokenize([text])
    return [tokens.text(i, i + 1) for i in np.flatnonzero(~tokens.border)]


def gap_before(text: str, number: int) -> set[str]:
    """The names of what stands in a gap."""
    names = ("SPACE", "LINE", "STOP", "COMMA", "COLON", "OPEN", "CLOSE", "QUOTE", "BAR", "DASH", "SIGN", "ASK")
    bits = int(tokenize([text]).gap[number])
    return {name for name in names if bits & getattr(t, name)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The boats came in.", ["The", "boats", "came", "in"]),
        ("it's", ["it", "s"]),
        ("it’s", ["it", "s"]),
        ("the boys' and the boys’ boats", ["the", "boys", "and", "the", "boys", "boats"]),
        ("“Never,” she said — twice…", ["Never", "she", "said", "twice"]),
        ("well-known sand_castle", ["well", "known", "sand_castle"]),
        ("café Übergang Ångström", ["café", "Übergang", "Ångström"]),
        ("市议会星期二", ["市议会星期二"]),
        ("a\u00a0b\u2009c", ["a", "b", "c"]),
        ("one\u2028two", ["one", "two"]),
        ("7.5 per cent of 1,200", ["7", "5", "per", "cent", "of", "1", "200"]),
        ("«Oui» · non • si → no", ["Oui", "non", "si", "no"]),
        ("© 2020 Courier®", ["2020", "Courier"]),
        ("ask r.vance@harbour-post.example, or", ["ask", "r.vance@harbour-post.example", "or"]),
        ("@harbourpost at a@b", ["harbourpost", "at", "a", "b"]),
        ("rising costsRead more, exportsCOPY LINK", ["rising", "costs", "Read", "more", "exports", "COPY", "LINK"]),
        ("votersNewslettersFacebook", ["voters", "Newsletters", "Facebook"]),
        ("iPhone macOS JavaScript McDonald planB", ["iPhone", "macOS", "JavaScript", "McDonald", "planB"]),
        ("see harbour.example/someBoats", ["see", "harbour.example/someBoats"]),
        ('setBoats(newBoat, "harbourName");', ["setBoats", "newBoat", "harbourName"]),
        ("", []),
        ("...!?", []),
        (" \n\n\t", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("see http://www.loans.example/apply?id=7&x=%20 now", "http://www.loans.example/apply?id=7&x=%20"),
        ("see https://loans.example.", "https://loans.example"),
        ("(www.cheap-pills.example)", "www.cheap-pills.example"),
        ("at home.buy at loans.com, now", "loans.com"),
        ("shop.example.co/offer!", "shop.example.co/offer"),
        ("bit.ly/3xYz end", "bit.ly/3xYz"),
        ("aim.is/go", "aim.is/go"),
        ("http://a.example\u00a0The council", "http://a.example"),
        ("home.www.a.example/b", "www.a.example/b"),
        ("“www.a.example/b”", "www.a.example/b"),
        ("www.a.example\u2028The council", "www.a.example"),
        ("http://müller.example/größe/漢", "http://müller.example/größe/漢"),
    ],
)
def test_an_address_is_one_word(text: str, link: str) -> None:
    tokens = tokenize([text])
    found = [tokens.text(i, i + 1) for i in np.flatnonzero(tokens.shape & t.LINK)]
    assert found == [link]


@pytest.mark.parametrize(
    "text",
    [
        "our aim.is to win", "at six.The train", "e.g. this", "5.30 a.m.", "www. com", "r.vance@post.example",
    ],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    assert not (tokenize([text]).shape & t.LINK).any()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b", {"SPACE"}),
        ("a. b", {"STOP", "SPACE"}),
        ("a? b", {"STOP", "ASK", "SPACE"}),
        ("a, b", {"COMMA", "SPACE"}),
        ("a: b", {"COLON", "SPACE"}),
        ("a\nb", {"LINE"}),
        ("a\u2028b", {"LINE"}),
        ("a (b", {"OPEN", "SPACE"}),
        ("a) b", {"CLOSE", "SPACE"}),
        ("a 'b", {"QUOTE", "SPACE"}),
        ("a “b", {"QUOTE", "SPACE"}),
        ("a ‘b", {"QUOTE", "SPACE"}),
        ("a | b", {"BAR", "SPACE"}),
        ("a • b", {"BAR", "SPACE"}),
        ("a → b", {"BAR", "SPACE"}),
        ("a – b", {"DASH", "SPACE"}),
        ("a-b", {"DASH"}),
        ("a… b", {"STOP", "SPACE"}),
        ("a & b", {"SIGN", "SPACE"}),
        ("a\u00a0b", {"SPACE"}),
        ("a\r\nb", {"SPACE", "LINE"}),
    ],
)
def test_gaps(text: str, expected: set[str]) -> None:
    assert gap_before(text, 1) == expected


def test_between_words_that_are_glued_stands_nothing() -> None:
    tokens = tokenize(["rising costsRead more"])
    assert tokens.gap[:4].tolist() == [t.LINE, t.SPACE, 0, t.SPACE]


def test_lines_in_a_gap_are_counted() -> None:
    assert tokenize(["a\n\nb c\n"]).lines.tolist() == [1, 2, 0, 2]  # each text stands between line ends of ours


@pytest.mark.parametrize(
    ("word", "bits"),
    [
        ("Home", t.FIRST_UPPER | t.ANY_UPPER | t.ANY_LOWER),
        ("home", t.ANY_LOWER),
        ("NATO", t.FIRST_UPPER | t.ANY_UPPER),
        ("iPhone", t.ANY_UPPER | t.ANY_LOWER),
        ("1990s", t.ANY_DIGIT | t.ANY_LOWER),
        ("漢字", t.ANY_FOREIGN),
        ("café", t.ANY_LOWER | t.ANY_FOREIGN),
    ],
)
def test_shapes(word: str, bits: int) -> None:
    assert tokenize([f"( {word} )"]).shape[0] == bits


def test_a_nul_is_a_sign_and_no_border() -> None:
    tokens = tokenize(["a\0b", "\0"])
    assert tokens.border.tolist() == [False, False, True, True]
    assert gap_before("a\0b", 1) == {"SIGN"}


def test_a_lone_surrogate_survives() -> None:
    tokens = tokenize(["a \ud800b c", "d"])
    assert len(tokens) == 6
    assert "c" in tokens.text(0, 3)


def test_no_texts_and_empty_texts() -> None:
    assert len(tokenize([])) == 0
    tokens = tokenize(["", "a", ""])
    assert tokens.document.tolist() == [0, 1, 1, 2]
    assert tokens.border.tolist() == [True, False, True, True]


def parts(tokens: Tokens, document: int) -> list[list[int]]:
    """Everything about the words of one text, counted from its beginning."""
    here = tokens.document == document
    origin = tokens.text_start[document]
    columns = (tokens.key, tokens.shape, tokens.gap, tokens.lines, tokens.start - origin, tokens.end - origin)
    return [column[here].tolist() for column in columns]


@given(st.lists(TEXTS, min_size=1, max_size=6))
@settings(max_examples=150)
def test_a_text_does_not_depend_on_its_batch(texts: list[str]) -> None:
    together = tokenize(texts)
    for number, text in enumerate(texts):
        assert parts(together, number) == parts(tokenize([text]), 0)


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_words_and_gaps_follow_each_other(texts: list[str]) -> None:
    tokens = tokenize(texts)
    assert (tokens.start < tokens.end).all()
    assert (tokens.end[:-1] <= tokens.start[1:]).all()
    assert tokens.border.sum() == len(texts)
    assert tokens.text_start[-1] == len(tokens.buffer)


@given(st.lists(st.text(st.sampled_from("abzABZ019éß漢_"), min_size=1, max_size=12), min_size=1, max_size=20))
def test_keys_of_single_words_are_those_in_a_text(found: list[str]) -> None:
    found = [word for word in found if len(words(word)) == 1]  # others are glued of two
    tokens = tokenize([" ".join(found)])
    assert tokens.key[~tokens.border].tolist() == word_keys(found).tolist()


def test_keys_ignore_ascii_case_and_nothing_else() -> None:
    assert word_keys(["Home"]) == word_keys(["hOME"])
    assert len(set(word_keys(["home", "homes", "ome", "emoh", "café", "cafe"]).tolist())) == 6


def test_keys_do_not_depend_on_the_place() -> None:
    tokens = tokenize([("x " * n) + "harbour" for n in (0, 1, 50, 5000)])
    last = np.flatnonzero(tokens.border) - 1
    assert len(set(tokens.key[last].tolist())) == 1


@given(TEXTS.filter(lambda text: "\0" not in text), st.data())
def test_code_points(text: str, data: st.DataObject) -> None:
    tokens = tokenize(["Zoë", text])
    origin = tokens.text_start[1] + 1
    offsets = data.draw(st.lists(st.integers(0, len(text)), max_size=5))
    at = origin + np.array([len(text[:n].encode("utf-8", "surrogatepass")) for n in offsets], np.int64)
    assert tokens.code_points(at, np.full(len(at), origin)).tolist() == offsets
