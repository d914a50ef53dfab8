"""The known words: looked up in their text, or in a table, with the same answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.resources import resolve
from cleaner.typos.gate import Gate
from cleaner.typos.lexicon import Lexicon
from cleaner.typos.words import Words, written

words = st.dictionaries(st.text("abcdefgh'", min_size=1, max_size=6), st.integers(0, 255), max_size=600)


@given(words, st.lists(st.text("abcdefgh'\n \u00e9", max_size=7), max_size=30))
def test_text_and_table_give_the_same_answers(levels: dict[str, int], others: list[str]) -> None:
    few, many = Words(*written(levels), few=10_000), Words(*written(levels), few=0)
    for word in [*levels, *others]:
        assert few.get(word) == many.get(word) == levels.get(word)
        assert (word in few) == (word in levels)
    for letter in "abh'\n ":
        for least in (0, 1, 2, 100, 255):
            wanted = sorted(word for word, level in levels.items() if word.startswith(letter) and level >= least)
            assert few.beginning_with(letter, least) == wanted
    assert few.table is None
    assert dict(many) == levels
    assert len(few) == len(levels)


def test_a_table_is_made_once_many_words_were_asked_for() -> None:
    known = Words(*written({"a": 1, "b": 2}), few=3)
    assert [known["a"], known["b"], "c" in known] == [1, 2, False]
    assert known.table is None
    assert known["a"] == 1
    assert known.table == {"a": 1, "b": 2}


def test_an_unknown_word_is_a_missing_key() -> None:
    with pytest.raises(KeyError):
        Words(b"a\n", b"\1")["b"]


def test_words_without_levels_are_refused() -> None:
    with pytest.raises(ValueError, match="levels"):
        Words(b"a\nb\n", b"\1")


def test_the_gate_finds_the_same_whether_words_come_one_by_one_or_all_at_once() -> None:
    text = (
        "The hopsital (treated) them, ows ment Ows. re-elected people's don\u2019t Aa, THE nxet; se U.S. 3rd "
        "\u201cHello\u201d hello? Visit aim.is today.The end"
    )
    one_by_one, at_once = Gate(Lexicon(resolve("typos"))), Gate(Lexicon(resolve("typos")))
    at_once.suspects([f"{n}x" for n in range(10_000)])
    found = one_by_one.suspects(text.split())
    assert found == at_once.suspects(text.split())
    assert {"hopsital", "ows", "today.The"} <= found.keys()
