"""Guards: forms whose shape says more than their words."""

from __future__ import annotations

import numpy as np
import pytest

from cleaner.bylines import BYLINE_LINES
from cleaner.completion import complete
from cleaner.guards import (
    GENRE_RUNS,
    QUOTATION_GUARD,
    favour_stray_words,
    guard,
    guard_attributions,
    guard_bylines,
    guard_foreign,
    guard_genre,
    guard_last_line,
    guard_lower_headlines,
    guard_names,
    guard_quotations,
    guard_tables,
    settled,
)
from cleaner.inserts import Inserts
from cleaner.model import Scores
from cleaner.noise import load_cached
from cleaner.tokens import Tokens, tokenize
from cleaner.units import Boundary, Units, segment

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


@pytest.mark.parametrize(
    ("story", "high"),
    [
        ("This mug keeps tea warm for hours. The potter fires it twice.\n", (1, -6)),
        ("The potter fires it twice. A buyer calls it her best mug. It costs nine pounds.\n", (-6, 1, 1)),
    ],
)
def test_many_short_runs_are_a_genre(story: str, high: tuple[int, ...]) -> None:
    for count in (GENRE_RUNS, GENRE_RUNS - 1):
        tokens, units = units_of(story * count)
        margin = np.array(high * count, np.float32)
        left = int((guard_genre(tokens, units, Scores(margin, margin)).margin > 0).sum())
        assert left == (0 if count == GENRE_RUNS else (margin > 0).sum())


def test_runs_without_a_sentence_are_no_genre() -> None:
    tokens, units = units_of("Buy two mugs\nThe potter fires it twice.\n" * 20)
    margin = np.array((1, -6) * 20, np.float32)
    assert (guard_genre(tokens, units, Scores(margin, margin)).margin > 0).sum() == 20


def test_a_block_of_noise_is_no_genre() -> None:
    tokens, units = units_of("Buy two mugs and get one free today.\n" * 20)
    margin = np.full(len(units), 1, np.float32)
    assert (guard_genre(tokens, units, Scores(margin, margin)).margin > 0).all()


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("The ferry was late again.\nHarbour wall to be rebuilt by spring", True),  # the next story of an archive
        ("The ferry was late again.\nThe harbour wall will be rebuilt.", False),
        ("The ferry was late again.\ncheap ferry tickets online", False),
        ("The ferry was late again.\nCheap Ferry Tickets | Book now", False),
        ("Cheap Ferry Tickets\nHarbour Tours From Ten Pounds", False),  # the line before it is no sentence
    ],
)
def test_a_headline_below_the_last_sentence_needs_strong_evidence(text: str, stays: bool) -> None:
    tokens, units = units_of(text)
    margin = np.where(units.last == len(tokens) - 1, 1, -6).astype(np.float32)
    last = guard_last_line(tokens, units, Scores(margin, margin)).margin[-1]
    assert (last < 0) == stays


def test_the_last_headline_with_nothing_but_noise_above_needs_strong_evidence() -> None:
    menu = "Home\nThe Weather This Week\nFerry Wakes Half the Town\nShare\n"
    all_noise = "All Of It Is Noise\nFerry Tours From Ten Pounds"
    texts = [menu + "The ferry was late again.\nOur Prices This Spring", all_noise]
    tokens = tokenize(texts)
    units = segment(tokens, LEXICON)
    words = [tokens.text(a, b) for a, b in zip(units.first, units.last, strict=True)]
    margin = np.where([w.startswith("The ferry") for w in words], -6, 1).astype(np.float32)
    guarded = guard_lower_headlines(tokens, units, Scores(margin, margin)).margin
    assert [w for w, m in zip(words, guarded, strict=True) if m < 0] == [
        "Ferry Wakes Half the Town",
        "The ferry was late again",
    ]


def test_the_text_before_in_the_batch_is_not_the_line_before() -> None:
    tokens = tokenize(["The ferry was late again.", "Harbour wall to be rebuilt by spring"])
    units = segment(tokens, LEXICON)
    margin = np.where(units.document == 1, 1, -6).astype(np.float32)
    assert guard_last_line(tokens, units, Scores(margin, margin)).margin[-1] == 1


def test_texts_of_another_language_need_strong_evidence() -> None:
    for text, kept_back in (
        ("Die Fähre kam gestern wieder zu spät. Niemand wusste den Grund. Der Hafen blieb leer.", True),
        ("La barca llegó tarde otra vez. Nadie sabía por qué. El puerto seguía vacío.", True),
        ("The ferry was late again. Nobody knew the reason. The harbour stayed empty.", False),
        ("cheap ferry tickets", False),
        ("www.kasino-bonus.example", False),
    ):
        tokens, units = units_of(text)
        margin = np.full(len(units), 1, np.float32)
        assert (guard_foreign(tokens, units, Scores(margin, margin), LEXICON).margin < 0).all() == kept_back


def split_at(text: str, second: str) -> tuple[Tokens, Units]:
    """One line as two units that a seam parts before the word `second`."""
    tokens = tokenize([text])
    words = [tokens.text(n, n + 1) for n in range(len(tokens) - 1)]
    at = words.index(second)
    first, last = np.array([0, at]), np.array([at, len(words)])
    left = np.array([Boundary.LINE, Boundary.SEAM], np.int8)
    return tokens, Units(first, last, left, np.zeros(2, np.int64), LEXICON.find(tokens.key))


@pytest.mark.parametrize(
    ("text", "second", "stays"),
    [
        ("Gareth Pascoe from Lower Brixham Fishing told the meeting so.", "Fishing", True),
        ("Cheap Football Shirts Fishing is forbidden here.", "Fishing", False),  # no words of names
        ("Gareth Pascoe The boats stayed in the harbour.", "The", False),  # behind it a sentence begins
    ],
)
def test_a_name_is_not_torn_apart(text: str, second: str, stays: bool) -> None:
    tokens, units = split_at(text, second)
    margin = np.array([1, -6], np.float32)
    assert (guard_names(tokens, units, Scores(margin, margin), LEXICON).margin[0] < 0) == stays


def test_a_name_before_noise_is_noise_too() -> None:
    tokens, units = split_at("Gareth Pascoe from Lower Brixham Fishing Tackle Shop", "Fishing")
    margin = np.array([1, 1], np.float32)
    assert (guard_names(tokens, units, Scores(margin, margin), LEXICON).margin > 0).all()


def test_the_speaker_of_a_question_stays() -> None:
    tokens, units = units_of(
        '"Who will pay for the wall?" asks Gareth Pascoe, a fisherman.\nThe board met. asks cheap shirts'
    )
    high = np.full(len(units), 2, np.float32)
    margin = guard_attributions(tokens, units, Scores(high, high)).margin
    kept = [tokens.text(a, b) for a, b, m in zip(units.first, units.last, margin, strict=True) if m < 0]
    assert kept
    assert kept[0].startswith("asks")
    assert not any("shirts" in words for words in kept)  # no quotation mark before it


@pytest.mark.parametrize(
    ("text", "words", "harder"),
    [
        ('The mayor wrote.\n"Keep the gate shut," she said.', (3, 6), True),
        ('The mayor wrote.\n"Keep the gate," she said.', (3, 6), False),  # the quotation ends with the words
        ("The mayor wrote.\nKeep the gate shut, she said.", (3, 6), False),
        ('"Keep the new gate shut," she said.', (1, 3), False),  # it was opened before them
    ],
)
def test_words_that_leave_half_a_quotation_are_harder_to_take_out(
    text: str, words: tuple[int, int], harder: bool
) -> None:
    tokens, _ = units_of(text)
    inserts = Inserts(np.array(words[:1]), np.array(words[1:]), np.ones(1, np.float32), np.ones(1, np.float32))
    assert guard_quotations(tokens, inserts).margin[0] == (1 - QUOTATION_GUARD if harder else 1)


def test_documents_without_suspicion_stay_and_tell_nothing_of_others() -> None:
    fixtures = "Hull City v Leith Rovers\nThe match will be played on Monday, the board said."
    tokens = tokenize([fixtures, "The ferry was late on Monday, the board said.\nBuy cheap sofas now", fixtures])
    units = segment(tokens, LEXICON)
    sofas = np.array([tokens.text(a, b).startswith("Buy") for a, b in zip(units.first, units.last, strict=True)])
    scores = Scores(np.where(sofas, 6, -6).astype(np.float32), np.full(len(units), -9, np.float32))
    favoured = favour_stray_words(tokens, units, scores, LEXICON)
    whole = complete(tokens, units, guard(tokens, units, favoured, LEXICON), [])
    inside = units.document == 1
    found = settled(tokens, units, scores, LEXICON, [])
    assert found.margin[inside].tolist() == whole.margin[inside].tolist()
    assert found.margin[~inside].tolist() == favoured.margin[~inside].tolist()
    assert (found.margin[sofas] > 0).any()


@pytest.mark.parametrize(
    ("text", "stay"),
    [
        ("Mill to close\nBy Ruth Calder and Amos Field\nThe mill will close.", {"By Ruth Calder and Amos Field"}),
        ("Mill to close\nBY RUTH CALDER\nIt will.", {"BY RUTH CALDER"}),
        ("Mill to close\nBy the end of May it will close.\nIt will.", set()),
        ("Mill to close. By Ruth Calder\nIt will.", set()),
        ("Mill to close\n" + "It is old.\n" * BYLINE_LINES + "By Ruth Calder\nIt will.", set()),
        (
            "It will.\n(Reporting by Ruth Calder; Editing by Amos Field)",
            {"Reporting by Ruth Calder; Editing by Amos Field"},
        ),
        ("Mill to close\nby", set()),
    ],
)
def test_bylines_stay(text: str, stay: set[str]) -> None:
    for texts in ([text], ["It is late.", text, "By day it is."]):
        tokens = tokenize(texts)
        units = segment(tokens, LEXICON)
        high = np.full(len(units), 5, np.float32)
        margin = guard_bylines(tokens, units, Scores(high, high)).margin
        assert {tokens.text(a, b) for a, b, m in zip(units.first, units.last, margin, strict=True) if m < 0} == stay
