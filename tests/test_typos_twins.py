"""Words that stand twice are found in the bytes of many texts as they are found in the chunks of each."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.typos.twins import twins

PIECES = (
    "the", "The", "in", "into", "a", "it's", "\u00e9lan", "na\u00efve", "\u0438", "\u0421\u0428\u0410",
    "international", "internationally", "that,", "that", "\u201cthat", "10", "x\u2019s", "-", "\ud800", "\x01",
    "that\u2026", "\ud83d\ude00",
)  # fmt: skip
BLANKS = (" ", "  ", "\n", "\t", "\u00a0", "\u2003", "\u3000", "\x85", "\u1680", "\u2028", "\u205f", "\x1c", "\x0b", "")

texts = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(BLANKS)), max_size=12).map(
    lambda parts: "".join(piece + blank for piece, blank in parts)
)


def in_chunks(text: str) -> set[str]:
    return {
        first for first, second in pairwise(text.split())
        if first.isalpha() and second.startswith(first) and not second[len(first) :][:1].isalnum()
        and second[len(first) :][:1] not in ("'", "\u2019", "-", "_", "/", "@")
        and (first.islower() or len(first) > (1 if first.istitle() else 2))
    }  # fmt: skip


@settings(max_examples=1000)
@given(st.lists(texts, max_size=4))
def test_they_are_what_the_chunks_say(some: list[str]) -> None:
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
