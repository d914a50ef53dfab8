"""What is found in the bytes of many texts at once is what `str.split` finds in each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.resources import resolve
from cleaner.typos import gate
from cleaner.typos.chunks import Chunks, KeySet
from cleaner.typos.gate import Gate, case_at
from cleaner.typos.lexicon import Lexicon

PIECES = (
    "the", "The", "in", "into", "a", "it's", "\u00e9lan", "na\u00efve", "\u0438", "\u0421\u0428\u0410",
    "international", "internationally", "that,", "that", "\u201cthat", "10", "x\u2019s", "-", "\ud800", "\x01",
    "that\u2026", "\ud83d\ude00",
)  # fmt: skip
BLANKS = (" ", "  ", "\n", "\t", "\u00a0", "\u2003", "\u3000", "\x85", "\u1680", "\u2028", "\u205f", "\x1c", "\x0b", "")

texts = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(BLANKS)), max_size=12).map(
    lambda parts: "".join(piece + blank for piece, blank in parts)
)


@pytest.fixture(scope="module", autouse=True)
def all_told_by_their_bytes() -> Iterator[None]:
    """However few chunks there are, as if they were of a long text."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "AS_BYTES", 0)
        yield


def twins(some: list[str]) -> list[set[str]]:
    return Chunks.of(some).twins()


def in_chunks(text: str) -> set[str]:
    return {
        first for first, second in pairwise(text.split())
        if first.isalpha() and second.startswith(first) and not second[len(first) :][:1].isalnum()
        and second[len(first) :][:1] not in ("'", "\u2019", "-", "_", "/", "@")
        and (first.islower() or len(first) > (1 if first.istitle() else 2))
    }  # fmt: skip


@settings(max_examples=1000)
@given(st.lists(st.text() | texts, max_size=4))
def test_chunks_are_what_split_gives(some: list[str]) -> None:
    chunks = Chunks.of(some)
    numbers = np.arange(len(chunks))
    written, places, parts = chunks.written(numbers), chunks.places(numbers), chunks.parts(numbers)
    assert written == [chunk for text in some for chunk in text.split()]
    assert [last - first for first, last in pairwise(parts)] == [len(text.split()) for text in some]
    for (first, last), text in zip(pairwise(parts), some, strict=True):
        for chunk, start in zip(written[first:last], places[first:last], strict=True):
            assert text.startswith(chunk, start)
            assert start == 0 or text[start - 1].isspace()
        assert chunks.behind(numbers[first:last]) == [*written[first:last][1:], ""][: last - first]


words = st.lists(st.text("abc", min_size=1), min_size=1)


@given(words, words)
def test_a_set_of_keys_holds_what_was_put_in(some: list[str], others: list[str]) -> None:
    held = KeySet(Chunks.of([" ".join(some)]).keys())
    assert held.holds(Chunks.of([" ".join(others)]).keys()).tolist() == [word in some for word in others]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("the The the, The) the.", True), ("don't Don't don't!", True), ("a A a?", True), ("b c", False),
        ("the (the \u201cThe \"the the\" the,\" the\u201d. (the), \u2018the\u2019 'the'", True), ("the tHe", False),
        ("the the,,", False), ("the the.\".", False), ("the ((the", False), ("the the\u2026", False),
        ("the the\u00e9", False),
    ],
)  # fmt: skip
def test_a_capital_and_the_usual_signs_make_no_other_key(text: str, same: bool) -> None:
    assert (len(set(Chunks.of([text]).keys().tolist())) == 1) is same


def test_the_keys_of_plain_words_are_those_of_plain_words() -> None:
    lexicon = Lexicon(resolve("typos"))
    plain = [word for word in lexicon.words if not lexicon.weak(word)]
    plain += [word.replace("'", "\u2019") for word in plain]
    others = ["ing", "ows", "hopsital", "Ows,", "hop\u2019sital"]
    held = KeySet(lexicon.plain_keys())
    assert held.holds(Chunks.of([" ".join(plain)]).keys()).all()
    assert not held.holds(Chunks.of([" ".join(others)]).keys()).any()


def test_what_has_the_key_of_a_plain_word_is_plain() -> None:
    lexicon = Lexicon(resolve("typos"))
    plain = [word for word in lexicon.words if not lexicon.weak(word)]
    words = [*plain[::97], *(word for word in plain if not word.isalpha())]
    words += [word.replace("'", "\u2019") for word in words if "'" in word]
    forms = [form for word in words for form in (word, word[0].upper() + word[1:])]
    signs = [(mark, close) for mark in ("", *".,;:!?") for close in ("", *"\"')\u201d\u2019")]
    tails = {tail for mark, close in signs for tail in (mark + close, close + mark)}
    chunks = [before + form + tail for form in forms for tail in tails for before in ("", *"(\"'\u201c\u2018")]
    assert KeySet(lexicon.plain_keys()).holds(Chunks.of([" ".join(chunks)]).keys()).all()
    assert not Gate(lexicon).suspects(chunks)


def test_many_chunks_are_looked_at_like_few() -> None:
    texts = ["The hopsital (treated) them, ows. Ows, Don't of. Their is re-elected \u00e9lan.", "text", "Aa,, U.S."]
    few, many = (Gate(Lexicon(resolve("typos")), watched={"Their": ()}) for _ in range(2))
    many.look(Chunks.of(["word " * 30_000]))
    chunks = Chunks.of(texts)
    numbers, written, suspects = many.look(chunks)
    assert suspects == few.look(chunks)[2]
    assert {"hopsital", "ows."} <= suspects.keys()
    assert "Their" in written
    assert len(written) == len(numbers) < len(chunks)


PARTS = (
    "the", "ows", "Ows", "hopsital", "Smith", "Smitth", "NATO", "USA", "Us", "u", "U", "teh", "Teh", "their", "own",
    "\u00e9lan", "-", "-", "'s", "\u2019s", "s'", "'", "\u2019", "10", "5", "$", "#", "@", "\u20ac", ".", ",", '"',
    "(", ")", "\u201d",
)  # fmt: skip
"""Of which chunks are put together that may be plain by their form, or not."""
WATCHED = {"their": ("own",), "Their": ("own",)}
LOOKED_AT, AT_ONCE = (Gate(Lexicon(resolve("typos")), watched=WATCHED) for _ in range(2))
AT_ONCE.look(Chunks.of(["word " * 30_000]))


made = st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).map("".join)
written = st.lists(st.tuples(made, st.sampled_from((" ", " ", " ", "\n", "  "))), min_size=1, max_size=8)


def may_matter(text: str, start: int, chunk: str) -> bool:
    """Whether something can be wrong with a chunk where it stands."""
    behind = text[start + len(chunk) :].lstrip()
    if chunk in WATCHED and re.match(r"own(?![\w'\u2019-])|\d", behind):
        return True
    suspect = LOOKED_AT.suspects([chunk]).get(chunk)
    if suspect is None:
        return False
    cases = [case_at(text, start + first, start + last, form) for first, last, form in suspect.words]
    return suspect.loose or suspect.glued or suspect.twice or suspect.weak or any(case is not None for case in cases)


@settings(max_examples=2000)
@given(st.lists(written, min_size=1, max_size=3))
def test_what_is_plain_by_its_form_and_place_is_plain(some: list[list[tuple[str, str]]]) -> None:
    texts = ["".join(chunk + blank for chunk, blank in each) for each in some]
    chunks = Chunks.of(texts)
    numbers, seen, suspects = AT_ONCE.look(chunks)
    assert suspects == LOOKED_AT.suspects(seen)
    every = np.arange(len(chunks))
    parts, every_place = pairwise(chunks.parts(every)), zip(chunks.written(every), chunks.places(every), strict=True)
    for (first, last), text in zip(parts, texts, strict=True):
        for number, (chunk, start) in zip(range(first, last), every_place, strict=False):
            assert number in numbers or not may_matter(text, start, chunk)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("said Smitth", []), ("said, \u201cSmitth", []), ("said. Smitth", ["Smitth"]), ("said\nSmitth", ["Smitth"]),
        ("Smitth", ["Smitth"]), ("(said) Smitth", ["Smitth"]), ("a McSmitth", []), ("McSmitth", []),
        ("the NATOO", []), ("NATOO is", []), ("NATOO, IS", ["NATOO,"]), ("the (NATOO", ["(NATOO"]),
        ("their own", ["their"]), ("their word", []), ("Their", []), ("their OWN", ["their"]), ("their", []),
        ("their Smitth", ["their"]), ("their \u201cown", ["their"]), ("don\u2019t", []),
    ],
)  # fmt: skip
def test_what_stands_in_a_place_where_nothing_is_wrong_is_not_looked_at(text: str, seen: list[str]) -> None:
    assert AT_ONCE.look(Chunks.of([text]))[1] == seen
    assert AT_ONCE.look(Chunks.of(["said", text, "said"]))[1] == seen


def test_figures_names_and_compounds_are_plain_by_their_form() -> None:
    text = "12,000 5 $7 Hopkins Hopkins\u2019s \u201cHopkins, USA EU well-known Well-Known Iran's"
    assert AT_ONCE.look(Chunks.of([text]))[1] == []


def test_few_unknown_chunks_are_told_by_their_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "AS_BYTES", 3)
    assert AT_ONCE.look(Chunks.of(["said Smitth, EU"]))[1] == ["Smitth,", "EU"]
    assert AT_ONCE.look(Chunks.of(["said Smitth, EU 12,000"]))[1] == []


@settings(max_examples=1000)
@given(st.lists(texts, max_size=4))
def test_twins_are_what_the_chunks_say(some: list[str]) -> None:
    assert twins(some) == [in_chunks(text) for text in some]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The the end", set()), ("the end of the end", set()), ("in into", set()), ("in in-laws", set()),
        ("10 10", set()), ("it is is late", {"is"}), ("is\u00a0is", {"is"}), ("is is, then", {"is"}),
        ("\u201cis is", set()), ("", set()), ("his his\u2019", set()), ("caf\u00e9 caf\u00e9", {"caf\u00e9"}),
        ("notwithstanding notwithstanding notwithstand", {"notwithstanding"}), ("is" + " is" * 5, {"is"}),
    ],
)  # fmt: skip
def test_what_stands_twice(text: str, expected: set[str]) -> None:
    assert twins([text]) == [expected]
    assert twins(["One one.", text, "Some other text."]) == [set(), expected, set()]


def test_words_of_two_texts_are_no_twins() -> None:
    assert twins(["It is", "is it?"]) == [set(), set()]
    assert twins([]) == []
