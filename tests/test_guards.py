"""Guards: forms whose shape says more than their words."""

from __future__ import annotations

import numpy as np

from cleaner.guards import GENRE_SENTENCES, guard_genre, guard_tables
from cleaner.model import Scores
from cleaner.noise import load_cached
from cleaner.tokens import Tokens, tokenize
from cleaner.units import Units, segment

LEXICON = load_cached("noise").lexicon


def units_of(text: str) -> tuple[Tokens, Units]:
    tokens = tokenize([text])
    return tokens, segment(tokens, LEXICON)


def kept(text: str) -> list[str]:
    """What the guard for tables keeps where the model would remove everything."""
    tokens, units = units_of(text)
    high = np.full(len(units), 2, np.float32)
    margin = guard_tables(tokens, units, Scores(high, high)).margin
    return [tokens.text(a, b) for a, b, m in zip(units.first, units.last, margin, strict=True) if m < 0]


def test_the_rows_of_a_table_stay() -> None:
    rows = ["| Rank | Port | Ships |", "| 1 | Hull | 412 |", "| 2 | Leith | 97 |", "| 3 | Cork | 80 |"]
    text = "\n".join(["The busiest ports are these.", *rows, "Nobody counted the ferries."])
    assert {"Rank", "412", "Leith", "Cork"} <= set(kept(text))
    assert "Nobody counted the ferries" not in kept(text)


def test_menus_and_lists_are_no_tables() -> None:
    assert kept("| Home | Sport | 24 hours |\nThe ferry is late.") == []
    assert kept("Home | Sport | Weather\nNews | Video | 7 days\nShop | Jobs | 2 cars") == []
    assert kept("| Home | Sport |\n| News | Video |\n| Shop | Jobs |") == []  # no figures


def test_many_single_sentences_are_a_genre() -> None:
    pair = "This mug keeps tea warm for hours. The potter fires it twice in an old kiln.\n"
    for count, noise in ((GENRE_SENTENCES, 0), (GENRE_SENTENCES - 1, GENRE_SENTENCES - 1)):
        tokens, units = units_of(pair * count)
        margin = np.where(np.arange(len(units)) % 2 == 0, 1, -6).astype(np.float32)
        assert (guard_genre(tokens, units, Scores(margin, margin)).margin > 0).sum() == noise


def test_a_block_of_noise_is_no_genre() -> None:
    tokens, units = units_of("Buy two mugs and get one free today.\n" * 20)
    margin = np.full(len(units), 1, np.float32)
    assert (guard_genre(tokens, units, Scores(margin, margin)).margin > 0).all()
