"""Whether a text reads on: what stands around a place, and that a network learns it, from the classes of the words and
from the marks between them."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest

from cleaner.config import NoiseConfig
from cleaner.joins import MARKS, REACH, Joins, marks_of, places_around, width
from cleaner.lexicon import Lexicon
from cleaner.noise import load_cached
from cleaner.tokens import Tokens, tokenize
from cleaner.train_joins import train_joins

LEXICON: Lexicon = load_cached(NoiseConfig().model).lexicon


def test_the_places_around_a_seam() -> None:
    tokens = tokenize(["one two, three", "four"])
    classes = np.arange(len(tokens))
    left, right, count = np.array([1]), np.array([2]), 50
    places = places_around(tokens, classes, left, right, count)[0]
    assert places.shape == (4 * REACH - 2,)
    assert places[0] == 1
    assert places[1] == 0 + (count + 1)
    assert places[2] == count + 2 * (count + 1)  # before "one" stands another text, or nothing
    assert places[REACH] == 2 + REACH * (count + 1)
    assert (places < width(count)).all()


def test_marks_before_words() -> None:
    tokens = tokenize(['one two, three. four "five\nsix'])
    assert marks_of(tokens, np.arange(6)).tolist() == [4, 0, 1, 2, 3, 4]
    assert MARKS == 5


PLAIN = (
    "the a every some", "old young tired quiet grey clever", "captain farmer nurse driver teacher baker",
    "saw found carried watched painted forgot", "the her our this", "boat ladder window letter garden horse",
    "near behind under beside", "the his that another", "river church market station bridge harbour",
)  # fmt: skip
THINGS = (
    "harbour garden window copper winter kitchen market letter engine bridge lantern orchard ladder pepper saddle"
    " needle violin blanket thunder button"
).split()


def plain_sentences(count: int, seed: int) -> list[str]:
    """Hardly two alike, without any mark: "every quiet nurse watched our ladder behind the church". Only the classes of
    the words tell what may follow."""
    rng = random.Random(seed)
    slots = [slot.split() for slot in (*PLAIN, *PLAIN[6:])]
    return [" ".join(map(rng.choice, slots)) for _ in range(count)]


def lists_of_things(count: int, seed: int) -> list[str]:
    """Things in any order, a comma behind every third one: only the commas tell what may follow."""
    rng = random.Random(seed)
    texts = []
    for _ in range(count):
        begin, things = rng.randrange(3), rng.choices(THINGS, k=24)
        texts.append(" ".join(thing + "," * ((n + begin) % 3 == 2) for n, thing in enumerate(things)))
    return texts


def reads_on_better(joins: Joins, tokens: Tokens, left_out: int) -> float:
    """How often the next word is held for a better one than that which stands so many words further on."""
    classes = LEXICON.classes(tokens, LEXICON.find(tokens.key))
    left = np.arange(len(tokens) - left_out - 2)
    behind = left + 1 + left_out
    inside = ~tokens.border[left] & ~tokens.border[behind] & (tokens.document[left] == tokens.document[behind])
    left, behind = left[inside], behind[inside]
    assert len(left) > 300
    next_one, further = (joins.log_odds(tokens, classes, left, right) for right in (left + 1, behind))
    return float((next_one > further).mean())


@pytest.mark.parametrize("make", [plain_sentences, lists_of_things])
def test_which_words_follow_is_learnt_from_classes_and_from_marks(make: Callable[[int, int], list[str]]) -> None:
    joins, unseen = train_joins(make(300, 1), LEXICON, seed=1), make(40, 2)
    assert not set(unseen) & set(make(300, 1))
    assert all(reads_on_better(joins, tokenize(unseen), left_out) > 0.85 for left_out in (1, 2))


def test_in_lists_of_things_the_words_tell_nothing() -> None:
    joins = train_joins(lists_of_things(300, 1), LEXICON, seed=1)
    without_commas = [text.replace(",", "") for text in lists_of_things(40, 2)]
    assert 0.35 < reads_on_better(joins, tokenize(without_commas), 1) < 0.65


def test_a_network_of_joins_is_stored_as_it_is() -> None:
    texts = plain_sentences(60, 3) + lists_of_things(20, 3)
    joins, tokens = train_joins(texts, LEXICON, seed=1), tokenize(texts)
    again = Joins.from_arrays(joins.arrays())
    classes = LEXICON.classes(tokens, LEXICON.find(tokens.key))
    left = np.arange(len(tokens) - 1)
    odds = joins.log_odds(tokens, classes, left, left + 1)
    assert np.array_equal(again.log_odds(tokens, classes, left, left + 1), odds)
    assert len(np.unique(odds)) > len(odds) // 4
