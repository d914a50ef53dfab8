"""How strange words are to their document: what is told of each word, what a unit makes of it, and what is learnt."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from cleaner.config import NoiseConfig
from cleaner.dataset import Document, Labelled
from cleaner.features import COLUMNS, STRANGE, Evidence, evidence
from cleaner.model import FAR, SEEN_FIRST, STRANGE_AT
from cleaner.noise import load_cached
from cleaner.strange import SURE, StrangeWords, Sums, Words
from cleaner.tokens import tokenize, word_keys
from cleaner.train_strange import learn_strange
from cleaner.units import segment
from cleaner.vocabulary import FOLDS

MODEL = load_cached(NoiseConfig().model)
LEXICON = MODEL.lexicon

WHEAT = (
    "The harvest of wheat began on Monday in the hills above the river. Farmers said that the rain had come too late"
    " for the barley.\nA tractor stood in the field, and the grain was carried to the silo by noon."
)
PROGRAMS = (
    "The browser reads JavaScript before it draws the page. Programs in JavaScript run in every browser.\nA page"
    " without scripts is drawn faster, and the code of the library is small."
)
STRAY = "JavaScript seems to be off in this browser."


def found_in(*texts: str) -> Evidence:
    tokens = tokenize(list(texts))
    return evidence(tokens, segment(tokens, LEXICON), LEXICON)


def judge() -> StrangeWords:
    assert MODEL.article.strange is not None
    return MODEL.article.strange


def columns_of(found: Evidence, at: NDArray[np.int64]) -> NDArray[np.float32]:
    return judge().columns(found, found.units.first[at], found.units.last[at])


def words_of(found: Evidence) -> Words:
    return Words.of(found, found.units.first, found.units.last)


def test_a_word_is_fresh_where_no_other_unit_has_it() -> None:
    found = found_in("Wheat is dear. The wheat of the hills is cheap, cheap. Barley is not.")
    words = words_of(found)
    fresh = {found.tokens.text(place, place + 1): bool(words.fresh[place]) for place in range(len(words.row))}
    assert not fresh["wheat"]
    assert not fresh["Wheat"]
    assert fresh["cheap"]  # twice, but in one unit
    assert fresh["Barley"]


def test_documents_of_a_batch_know_nothing_of_each_other() -> None:
    alone, together = words_of(found_in(WHEAT)), words_of(found_in(WHEAT, WHEAT))
    size = len(alone.row)
    for name in ("row", "fresh"):
        assert np.array_equal(getattr(alone, name), getattr(together, name)[:size])
        assert np.array_equal(getattr(alone, name), getattr(together, name)[size:])
    assert together.topic[:size] == pytest.approx(alone.topic, abs=1e-5)


def test_words_are_likened_to_the_rest_of_their_document() -> None:
    found = found_in(f"{WHEAT}\n{STRAY}")
    words = words_of(found)
    topic = dict(zip(words.row.tolist(), words.topic.tolist(), strict=True))
    barley, script = (topic[int(LEXICON.find(word_keys([word]))[0])] for word in ("barley", "browser"))
    assert barley > script
    assert (np.abs(words.topic) <= 1.001).all()


def test_what_the_words_of_a_unit_say_together() -> None:
    found = found_in(f"{WHEAT}\n{STRAY}")
    at = np.array([len(found.units) - 1, 0])
    columns = columns_of(found, at)
    assert columns.shape == (2, len(STRANGE))
    for row, unit in zip(columns, at, strict=True):
        first, last = found.units.first[unit : unit + 1], found.units.last[unit : unit + 1]
        odds = judge().network.log_odds(Words.of(found, first, last).evidence(LEXICON, judge().noise))
        count = len(odds)
        expected = odds.mean(), odds.sum() / count**0.5, odds.max(), odds[odds > 0].sum(), (odds > SURE).sum()
        assert row == pytest.approx(expected, abs=1e-3)


def test_what_a_word_has_wherever_it_stands_is_summed_up_once() -> None:
    words = words_of(found_in(PROGRAMS, f"{WHEAT}\n{STRAY}"))
    alone = judge().network.log_odds(words.evidence(LEXICON, judge().noise))
    assert judge().log_odds(words, LEXICON) == pytest.approx(alone, abs=1e-3)


def test_many_words_are_judged_part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    found = found_in(PROGRAMS, f"{WHEAT}\n{STRAY}")
    at = np.arange(len(found.units))
    together = columns_of(found, at)
    for size in (1, 7, 30):
        monkeypatch.setattr("cleaner.strange.AT_ONCE", size)
        assert columns_of(found, at) == pytest.approx(together, abs=1e-4)


def test_of_no_unit_nothing_is_said() -> None:
    assert columns_of(found_in(WHEAT), np.zeros(0, np.int64)).shape == (0, len(STRANGE))


def test_what_is_left_of_a_stretch_without_a_part_of_it() -> None:
    odds = np.array([2.0, -1.0, 0.5, 3.0, -2.0, 1.5], np.float32)
    words = np.array([4, 2])
    whole = Sums.of(odds, np.array([0, 4]), words)
    parts = Sums.of(odds[[1, 2, 4, 5]], np.array([0, 2]), np.array([2, 2]))
    left = whole.rest(parts, np.array([0, 1]))
    assert left[0] == pytest.approx((2.5, 5 / 2**0.5, 5, 2))  # of 2 and 3
    assert left[1] == pytest.approx((0, 0, 0, 0))  # nothing is left
    assert whole.columns()[1] == pytest.approx((-0.25, -0.5 / 2**0.5, 1.5, 1.5, 1))


def test_documents_that_are_picked_out_say_the_same() -> None:
    found = found_in(PROGRAMS, f"{WHEAT}\n{STRAY}")
    some = found.of_documents(np.array([False, True]))
    inside = (found.units.document == 1).nonzero()[0]
    assert columns_of(some, np.arange(len(some.units))) == pytest.approx(columns_of(found, inside), abs=1e-4)


def test_the_same_words_are_stranger_where_nothing_speaks_of_them() -> None:
    farm, programs = (found_in(f"{text}\n{STRAY}") for text in (WHEAT, PROGRAMS))
    last = [columns_of(found, np.array([len(found.units) - 1]))[0] for found in (farm, programs)]
    strange = STRANGE.index("strange")
    assert last[0][strange] > last[1][strange] + 0.5


def test_only_units_that_are_not_ruled_out_are_judged() -> None:
    found = found_in(f"{WHEAT}\n{STRAY} celebrity news\nSign up for our newsletter")
    rows, _ = MODEL.article.log_odds(found)
    near = MODEL.article.first.log_odds(rows[:, :SEEN_FIRST]) > FAR
    assert near.any()
    assert not near.all()
    assert rows[near, STRANGE_AT].any(axis=1).all()
    assert not rows[~near, STRANGE_AT].any()


def test_the_first_network_and_the_one_for_other_stories_do_not_see_it() -> None:
    assert COLUMNS.index(STRANGE[0]) >= SEEN_FIRST
    assert len(MODEL.article.first.inner) == SEEN_FIRST
    assert not MODEL.off_topic.inner[STRANGE_AT].any()
    assert MODEL.article.sense.inner[STRANGE_AT].any(axis=1).all()


def toy_documents() -> list[tuple[int, Document]]:
    """Articles of wheat with a line of noise, the same in twenty of each fold; that of the first fold is of pianos."""
    dealt = []
    for number in range(20 * FOLDS):
        fold = number % FOLDS
        noise = "piano lessons tonight" if fold == 0 else "coupon codes tonight"
        text = f"{WHEAT}\nNumber {number} of the {('old', 'new', 'red', 'big')[number % 4]} barns burnt down.\n"
        span = Labelled(len(text), len(text) + len(noise), "keyword_spam")
        dealt.append((fold, Document(f"toy-{number}", text + noise, (span,), source="own")))
    return dealt


def ratio(learnt: StrangeWords, word: str) -> float:
    return float(learnt.noise[LEXICON.find(word_keys([word]))[0]])


def test_ratios_of_words_are_learnt_without_the_fold() -> None:
    whole, *apart = learn_strange(toy_documents(), LEXICON, 5)
    assert ratio(whole, "coupon") > 0
    assert ratio(whole, "barns") < 0
    assert ratio(whole, "piano") > 0
    assert ratio(apart[0], "piano") == pytest.approx(0, abs=0.01)
    assert ratio(apart[1], "piano") > 0


def test_what_stands_in_many_documents_counts_once() -> None:
    whole = learn_strange(toy_documents(), LEXICON, 5)[0]
    assert ratio(whole, "coupon") == ratio(whole, "piano")


def test_a_word_that_the_rest_of_the_document_has_is_not_counted() -> None:
    """Every document speaks of wheat in two places; "harvest" stands in one."""
    text = "The harvest of wheat began. More wheat came by noon.\n"
    noise = "wheat coupon codes"
    document = Document("w", text + noise, (Labelled(len(text), len(text) + len(noise), "keyword_spam"),), source="own")
    whole = learn_strange([(fold, document) for fold in range(FOLDS)], LEXICON, 5)[0]
    assert ratio(whole, "wheat") == pytest.approx(0, abs=0.01)
    assert ratio(whole, "coupon") > 0


def test_what_judges_words_is_stored_and_read() -> None:
    again = StrangeWords.from_arrays("words", judge().arrays("words"))
    assert again is not None
    found = found_in(f"{WHEAT}\n{STRAY}")
    first, last = found.units.first, found.units.last
    assert np.array_equal(again.columns(found, first, last), judge().columns(found, first, last))
    assert StrangeWords.from_arrays("words", {}) is None
