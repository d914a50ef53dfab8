"""Who speaks and to whom: quotations, persons, kinds of words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.tokens import tokenize, word_keys
from cleaner.voice import KINDS, VOICE, kinds_of_rows, quoted, voice

KEYS = np.sort(word_keys("you your we i he the of bridge council said click".split()))
KIND_OF_ROW = kinds_of_rows(KEYS)


def quoted_words(text: str) -> list[str]:
    tokens = tokenize([text])
    inside = quoted(tokens)
    return [tokens.text(n, n + 1) for n in range(len(tokens) - 1) if inside[n]]


def columns(*lines: str) -> dict[str, np.ndarray]:
    """Each line as a unit of one document."""
    tokens = tokenize(["\n".join(lines)])
    begins = np.flatnonzero((tokens.lines > 0) & ~tokens.border)
    ends = np.append(begins[1:], len(tokens) - 1)
    at = np.searchsorted(KEYS, tokens.key)
    known = KEYS[np.minimum(at, len(KEYS) - 1)] == tokens.key
    kind = KIND_OF_ROW[np.where(known, at + 1, 0)]
    return {k: np.asarray(v) for k, v in voice(tokens, begins, ends, np.zeros(len(begins), np.int64), kind).items()}


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('She said: "The pier is shut," and left.', "The pier is shut"),
        ("She said: \u201cThe pier is shut,\u201d and left.", "The pier is shut"),
        ("The mayor called it \u2018our pier\u2019 again.", "our pier"),
        ("It's the council's pier, isn't it?", ""),
        ('"We wait," he said. "You pay."', "We wait You pay"),
        ('"A quotation that goes on\nstops at the line end', "A quotation that goes on"),
        ('("Shut the gate") they sang', "Shut the gate"),
        ("", ""),
    ],
)
def test_words_inside_quotations(text: str, inside: str) -> None:
    assert " ".join(quoted_words(text)) == inside


def test_a_person_counts_outside_of_quotations_only() -> None:
    found = columns('He said: "You wait for the bridge."', "Get your bridge, you bridge lover")
    assert found["you_spoken"].tolist() == [0, 2]
    assert found["of_you"].tolist() == pytest.approx([1 / 7, 2 / 6])
    assert found["you_elsewhere"][0] == pytest.approx(np.log1p(100 * 2 / 6))
    assert found["you_elsewhere"][1] == 0
    assert found["quoted"].tolist() == pytest.approx([5 / 7, 0])
    assert found["doc_quoted"].tolist() == pytest.approx([5 / 13] * 2)


def test_the_first_word_of_a_unit_is_looked_at() -> None:
    found = columns("Click the bridge", "The council said")
    assert found["first_call"].tolist() == [True, False]
    assert found["of_article"].tolist() == pytest.approx([1 / 3] * 2)


def test_every_column_has_a_value() -> None:
    assert set(columns("You", "bridge")) == set(VOICE)
    assert len(set(VOICE)) == len(VOICE)


def test_each_word_is_of_one_kind_and_unknown_ones_of_none() -> None:
    assert KIND_OF_ROW[0] == -1
    assert [KINDS[k] for k in KIND_OF_ROW[1 + np.searchsorted(KEYS, word_keys(["you", "said", "click"]))]] == [
        "you", "say", "call",
    ]  # fmt: skip
    assert KIND_OF_ROW[1 + np.searchsorted(KEYS, word_keys(["bridge"]))[0]] == -1
    assert kinds_of_rows(np.zeros(0, np.uint64)).tolist() == [-1]


@given(st.lists(st.text(alphabet="ab \"'\u2019\u201c\u201d(.,\n", max_size=40), min_size=1, max_size=4))
def test_quotations_do_not_depend_on_the_batch(texts: list[str]) -> None:
    together = tokenize(texts)
    inside = quoted(together)
    for number, text in enumerate(texts):
        assert inside[together.document == number].tolist() == quoted(tokenize([text])).tolist()
