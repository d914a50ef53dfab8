"""Web addresses: which belong to the sentence around them, and which are stray."""

from __future__ import annotations

import numpy as np
import pytest

from cleaner.addresses import LEANS_ON_TEXT, STRAY_ADDRESS_BONUS, bind_addresses, favour_stray_addresses
from cleaner.model import Scores
from cleaner.noise import load_cached
from cleaner.tokens import Tokens, tokenize
from cleaner.units import Units, segment

LEXICON = load_cached("noise").lexicon


def units_of(text: str) -> tuple[Tokens, Units]:
    tokens = tokenize([text])
    return tokens, segment(tokens, LEXICON)


def test_an_address_goes_only_with_a_sentence_that_may_be_noise() -> None:
    text = "The board has put the plans at www.harbour-board.example for all to see."
    tokens, units = units_of(text)
    address = next(n for n, first in enumerate(units.first) if "harbour-board" in tokens.text(first, first + 1))
    for beside, goes in ((LEANS_ON_TEXT - 1, False), (LEANS_ON_TEXT + 1, True)):
        margin = np.full(len(units), beside, np.float32)
        margin[address] = 2
        bound = bind_addresses(tokens, units, Scores(margin, margin), LEXICON).margin
        assert (bound > 0).tolist() == [goes] * len(units)


@pytest.mark.parametrize(
    ("text", "stray"),
    [
        ("The old stones have been www.rugs-today.example/shop used in the new wall.", True),
        ("The old stones have been rugs-today.example used in the new wall.", False),  # may be the name of a site
        ("The plans are on show at www.harbour-board.example/plans and in the town hall.", False),
    ],
)
def test_an_address_between_words_that_read_on_is_a_stray_one(text: str, stray: bool) -> None:
    tokens, units = units_of(text)
    address = next(n for n, first in enumerate(units.first) if ".example" in tokens.text(first, first + 1))
    margin = np.full(len(units), -8, np.float32)
    margin[address] = -1
    scores = favour_stray_addresses(tokens, units, Scores(margin, margin), LEXICON)
    assert scores.margin[address] == (-1 + STRAY_ADDRESS_BONUS if stray else -1)
    assert (bind_addresses(tokens, units, scores, LEXICON).margin[address] > 0) == stray


def test_an_address_in_brackets_stays_with_its_sentence() -> None:
    tokens, units = units_of("The paper (board.example/a1) said so. The board (www.board.example) agreed.")
    margin = np.full(len(units), -6, np.float32)
    margin[[n for n, first in enumerate(units.first) if "board.example" in tokens.text(first, first + 1)]] = 2
    assert (bind_addresses(tokens, units, Scores(margin, margin), LEXICON).margin < 0).all()
