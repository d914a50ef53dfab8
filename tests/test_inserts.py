"""Words inside a sentence: which stretches are candidates, what is known of them, and that it never depends on the
batch."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from cleaner.candidates import (
    LAST_FUNCTION,
    LEFT,
    LONGEST,
    LONGEST_LIST,
    REPEATED,
    REST,
    SCREEN,
    Candidates,
    Ground,
    candidates,
    screen_rows,
)
from cleaner.config import CleanConfig, NoiseConfig
from cleaner.dataset import read_documents
from cleaner.edits import Edit
from cleaner.features import STRANGE, evidence
from cleaner.inserts import COLUMNS, Inserts, _strange, best, first_rows
from cleaner.model import Scores
from cleaner.noise import PART, _apart, explain, load_cached
from cleaner.pipeline import Cleaner
from cleaner.strange import SURE
from cleaner.tokens import NEVER, tokenize
from cleaner.units import Boundary, segment

MODEL = load_cached(NoiseConfig().model)
TEXTS = [document.text for document in read_documents(ROOT / "training_data" / "genres.jsonl")][:40]
HARBOUR = (
    "The harbour board met on Tuesday to discuss the new breakwater. The engineer said cheap football shirts online"
    " that the old wall would not last another winter. Fishermen from the eastern quay had asked for a longer pier."
)


def ground_of(texts: list[str]) -> Ground:
    tokens = tokenize(texts)
    found = evidence(tokens, segment(tokens, MODEL.lexicon), MODEL.lexicon)
    return Ground(found, MODEL.article.tables, MODEL.article.strange, *MODEL.article.log_odds(found))


def spans_of(ground: Ground, these: Candidates) -> list[str]:
    tokens = ground.found.tokens
    return [tokens.text(first, last) for first, last in zip(these.first, these.last, strict=True)]


def test_words_put_into_a_sentence_are_a_candidate() -> None:
    ground = ground_of([HARBOUR])
    assert "cheap football shirts online" in spans_of(ground, candidates(ground))


def test_the_best_candidate_of_a_sentence_is_the_whole_of_them() -> None:
    ground = ground_of([HARBOUR])
    assert "cheap football shirts online" in spans_of(ground, MODEL.inserts.judged(ground)[0])


def test_candidates_lie_inside_sentences_that_go_on_without_them() -> None:
    ground = ground_of(TEXTS)
    these = candidates(ground)
    begin, end = these.begin[these.sentence], these.end[these.sentence]
    words = these.last - these.first
    assert len(these) > 100
    assert (these.first >= begin).all()
    assert (these.last <= end).all()
    assert (words >= 1).all()
    assert (words[~these.tail & ~these.head] <= LONGEST_LIST).all()
    assert ((end - begin) - words >= np.where(these.tail | these.head, LEFT, REST)).all()
    order = np.lexsort((these.last, these.first))
    assert (order == np.arange(len(these))).all()


LIST = "boot sector repair tool, data recovery near me, is laptop screen repair worth it, photo editor full version"


def test_words_before_a_sentence_are_a_candidate_and_a_sentence_without_a_second_capital_has_none() -> None:
    text = (
        "Drain jetting near me Researchers from the port had measured the old wall.\n"
        "Nobody had asked the keeper of the lighthouse about it.\n"
        'Cesspit pump out "Everyone on the quay knew," the keeper said.\n'
        f"{LIST} Researchers from the port had measured the old wall."
    )
    ground = ground_of([text])
    these = candidates(ground)
    heads = spans_of(ground, these.where(these.head))
    assert "Drain jetting near me" in heads
    assert "Cesspit pump out" in heads
    assert LIST in heads
    assert not any(words.startswith("Nobody") for words in heads)


def test_a_list_of_phrases_inside_a_sentence_is_a_candidate_whatever_its_length_and_its_words() -> None:
    for phrases in (LIST, "sofa beds, corner sofa beds"):
        ground = ground_of([f"Researchers from the port {phrases} had measured the old wall of the harbour."])
        these = candidates(ground)
        assert phrases in spans_of(ground, these)
        assert len(set(zip(these.first.tolist(), these.last.tolist(), strict=True))) == len(these)


def test_many_words_without_a_comma_are_none() -> None:
    ground = ground_of([f"Researchers from the port {LIST.replace(',', '')} had measured the old wall of the harbour."])
    these = candidates(ground)
    assert (these.last - these.first)[~these.tail & ~these.head].max() <= LONGEST


def test_a_function_word_ends_only_what_is_long_enough() -> None:
    ground = ground_of(["The engineer said is moon water worth it that the old wall would not last another winter."])
    these = candidates(ground)
    function = MODEL.lexicon.function[ground.found.units.rows]
    assert "is moon water worth it" in spans_of(ground, these)
    assert ((these.last - these.first >= LAST_FUNCTION) | ~function[these.last - 1]).all()


def test_few_words_of_a_candidate_stand_elsewhere_in_the_text() -> None:
    ground = ground_of([HARBOUR + " The old harbour wall of the board, said the engineer, was cheap."])
    these = candidates(ground)
    earlier, later = ground.found.recurrences
    function = MODEL.lexicon.function[ground.found.units.rows]
    again = np.concatenate(([0], np.cumsum(((earlier >= 0) | (later < NEVER)) & ~function)))
    short = ~np.array(["," in span for span in spans_of(ground, these)])
    assert (again[these.last] - again[these.first])[short].max() == REPEATED


def test_the_screen_keeps_words_put_in_and_few_others() -> None:
    ground = ground_of([HARBOUR, *TEXTS])
    these = candidates(ground)
    kept = MODEL.inserts.screen.keep(ground, these)
    assert "cheap football shirts online" in spans_of(ground, kept)
    assert 0 < len(kept) < len(these) / 2
    rows = screen_rows(ground, these)
    assert rows.shape == (len(these), len(SCREEN))
    assert np.isfinite(rows).all()


def test_a_stop_or_a_line_end_is_never_inside_the_seam_of_a_candidate() -> None:
    ground = ground_of(["He waited.\ncheap shirts\nNobody came to the harbour that night, the guard said."])
    these = candidates(ground)
    lines = ground.found.tokens.lines
    assert all(lines[first] == 0 for first in these.first[~these.head])


def test_evidence_does_not_depend_on_the_batch() -> None:
    def rows_of(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        ground = ground_of(texts)
        these, rows, _ = MODEL.inserts.judged(ground)
        return rows, ground.found.tokens.document[these.first]

    together, document = rows_of(TEXTS)
    assert together.shape[1] == len(COLUMNS) == len(set(COLUMNS))
    for number, text in enumerate(TEXTS):
        assert np.allclose(together[document == number], rows_of([text])[0], rtol=0, atol=1e-3), number


@given(st.lists(st.text(alphabet="ab cdE.,!?\n\"'é漢", max_size=80), max_size=4))
def test_any_text_has_finite_evidence(texts: list[str]) -> None:
    if len(segment(tokenize(texts), MODEL.lexicon)):
        ground = ground_of(texts)
        assert np.isfinite(MODEL.inserts.judged(ground)[1]).all()
        assert np.isfinite(first_rows(ground, candidates(ground))).all()


def test_the_best_are_one_of_each_sentence_and_not_below_the_floor() -> None:
    first = np.array([1, 2, 10, 20])
    across, begin, end = np.zeros((3, 4), np.float32), np.array([0, 8, 18]), np.array([8, 18, 30])
    these = Candidates(first, first + 2, np.array([0, 0, 1, 2]), across, begin, end)
    odds = np.array([0.5, 1.5, -2.0, -9.0], np.float32)
    assert best(these, odds, floor=-3.0).tolist() == [1, 2]
    assert best(these, odds, floor=-3.0, count=2).tolist() == [0, 1, 2]


def test_a_seam_is_no_border_of_a_sentence() -> None:
    ground = ground_of(
        ["hair oil online The minister said cheap shirts that the reservoir was nearly empty this week."]
    )
    these = candidates(ground)
    assert (ground.found.units.left == Boundary.SEAM).any()
    assert these.begin.tolist() == [0]


def test_what_stands_behind_a_headline_on_its_line_is_a_candidate() -> None:
    text = (
        "The board met.\nHarbour wall to be rebuilt by spring sewer camera survey for beginners, blocked drain,"
        " grease trap cleaning\nNobody came."
    )
    ground = ground_of([text])
    assert any(words.startswith("sewer camera") for words in spans_of(ground, candidates(ground)))


def test_words_inside_a_sentence_are_explained() -> None:
    at = HARBOUR.index("cheap")
    edit = Edit(at, at + len("cheap football shirts online"), "", "noise", "insert", 0.9, "keyword_spam")
    reasons = explain(HARBOUR, edit)
    assert reasons
    assert all(name in COLUMNS or f"{name}_0" in COLUMNS for name, _ in reasons)


def test_foreign_texts_keep_everything() -> None:
    text = (
        "Der Minister sagte billige Trikots kaufen am Montag, dass die Talsperre in dieser Woche fast leer gewesen sei."
    )
    assert Cleaner(CleanConfig(stages=("noise",))).clean(text).text == text


SENTENCES = (
    "The committee told reporters {}that the reservoir was nearly empty and would stay so until the spring.",
    "The engineer said {}that the old wall would not last another winter without a new breakwater.",
    "The mayor promised on Tuesday {}that the bridge over the river would be open again by the summer.",
    "Fishermen from the eastern quay had asked {}for a longer pier since the great storm three years ago.",
)
PHRASES = (
    "cheap football shirts online",
    "best payday loans online",
    "free casino bonus codes",
    "Cheap Replica Watches Sale",
)


def test_of_words_put_into_sentences_some_go_and_nothing_else() -> None:
    cleaner = Cleaner(CleanConfig(stages=("noise",)))
    made = [(sentence.format(""), sentence.format(f"{phrase} ")) for sentence in SENTENCES for phrase in PHRASES]
    results = list(cleaner.clean_many(dirty for _, dirty in made))
    assert all(result.text in pair for pair, result in zip(made, results, strict=True))
    assert sum(result.text == clean for (clean, _), result in zip(made, results, strict=True)) >= len(made) // 4
    assert {mark.rule for result in results for mark in result.removed} == {"insert"}


# A part of a unit, or all of it ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("odds", "margin", "of_unit", "left"),
    [
        (PART + 0.5, -1.0, 0.7, 0.7),  # something goes: rather the words put in than the headline with them
        (PART - 0.5, -1.0, 0.7, None),  # more likely all of it
        (PART + 0.5, -1.0, -0.7, None),  # nothing goes
        (PART + 3, 2.0, -0.7, 2.0),
        (PART + 3, 2.0, 4.0, 4.0),
    ],
)
def test_words_put_in_go_rather_than_all_that_their_unit_is(
    odds: float, margin: float, of_unit: float, left: float | None
) -> None:
    tokens = tokenize(["Mill at Cressing to close by May sofas near me"])
    units = segment(tokens, MODEL.lexicon)
    assert len(units) == 1
    at, one = np.array([7]), np.ones(1, np.float32)
    inserts = Inserts(at, at + 3, margin * one, odds * one)
    chosen, holders = _apart(units, [], inserts, Scores(of_unit * one, -9 * one))
    assert chosen.margin.tolist() == ([] if left is None else pytest.approx([left]))
    assert holders.tolist() == ([] if left is None else [0])
    assert not len(_apart(units, [0], inserts, Scores(of_unit * one, -9 * one))[0].first), "a rule has found the unit"


def tails_of(text: str) -> list[str]:
    """What may go behind a headline of that text."""
    ground = ground_of([f"{text}\n{HARBOUR}"])
    these = candidates(ground)
    return spans_of(ground, these.where(these.tail))


@pytest.mark.parametrize("between", [" ", " - ", " / ", "; ", ""])
def test_what_stands_behind_a_headline_on_its_line_is_a_candidate_whatever_stands_between(between: str) -> None:
    pitch = "Sign up for our newsletter and never miss the harbour news again"
    assert pitch in tails_of(f"Old breakwater to be replaced{between}{pitch}")


def test_a_headline_may_have_two_words_and_end_in_a_stop() -> None:
    pitch = "Get our bulletin every single morning for free"
    assert pitch in tails_of(f"Old breakwater {pitch}.")
    assert not any(words.startswith("breakwater") for words in tails_of("Old breakwater sofas near me online today"))


def test_a_colon_introduces_what_follows() -> None:
    assert "sofas near me, sofa beds" not in tails_of("Words that the board searched for: sofas near me, sofa beds")


def test_words_glued_to_a_headline_are_removed_and_the_headline_stays() -> None:
    cleaner = Cleaner(CleanConfig(stages=("noise",)))
    result = cleaner.clean(f"{HARBOUR}\n\nBoard to replace the old pierCheap Designer Handbags Online\n\n{HARBOUR}")
    assert "\n\nBoard to replace the old pier\n\n" in result.text


def test_what_is_left_of_a_sentence_is_told_word_by_word_without_the_candidate() -> None:
    ground = ground_of([HARBOUR])
    these = candidates(ground)
    these = these.where(np.flatnonzero(~these.tail & ~these.head)[:5])
    judge = ground.strange
    assert judge is not None
    rest = _strange(ground, these)[:, len(STRANGE) :]
    for row, first, last, sentence in zip(rest, these.first, these.last, these.sentence, strict=True):
        begin, end = these.begin[sentence : sentence + 1], these.end[sentence : sentence + 1]
        odds = judge.within(ground.found, begin, end)
        left = np.delete(odds, np.arange(first - begin[0], last - begin[0]))
        expected = left.mean(), left.sum() / len(left) ** 0.5, left[left > 0].sum(), (left > SURE).sum()
        assert row == pytest.approx(expected, abs=1e-3)


def test_figures_alone_are_no_candidate() -> None:
    text = "Those who look for it in the register may ring 0300 555 0120 between nine and five and have somebody do it."
    ground = ground_of([text])
    found = spans_of(ground, candidates(ground))
    assert any(words.endswith("0120") for words in found)
    assert not any(words.replace(" ", "").isdigit() for words in found)
