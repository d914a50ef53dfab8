"""The evidence for each unit: the same alone and in any batch, the same for training and for use."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import ROOT

from cleaner.config import NoiseConfig
from cleaner.dataset import read_documents
from cleaner.features import COLUMNS, CONTEXT, SENSE, STATIC, STRANGE, evidence
from cleaner.ngrams import TABLE_BITS, UnitNGrams, ngrams
from cleaner.noise import load_cached
from cleaner.tokens import tokenize
from cleaner.train_text import ngram_matrix
from cleaner.units import segment
from cleaner.verdicts import VERDICTS

MODEL = load_cached(NoiseConfig().model)
TEXTS = [document.text for document in read_documents(ROOT / "training_data" / "genres.jsonl")][:40]


def rows_of(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    tokens = tokenize(texts)
    units = segment(tokens, MODEL.lexicon)
    return MODEL.article.rows(evidence(tokens, units, MODEL.lexicon)), units.document


def evidence_of(text: str, unit: int) -> dict[str, float]:
    rows, _ = rows_of([text])
    return dict(zip(COLUMNS + VERDICTS, rows[unit].tolist(), strict=True))


def test_the_columns_have_names_of_their_own() -> None:
    assert len(set(COLUMNS + VERDICTS)) == len(COLUMNS) + len(VERDICTS)
    assert COLUMNS == STATIC + CONTEXT + SENSE + STRANGE
    assert rows_of(TEXTS[:1])[0].shape[1] == len(COLUMNS) + len(VERDICTS)


def test_evidence_does_not_depend_on_the_batch() -> None:
    together, document = rows_of(TEXTS)
    for number, text in enumerate(TEXTS):
        alone, _ = rows_of([text])
        assert np.allclose(together[document == number], alone, rtol=0, atol=2e-5), number


def test_evidence_is_finite_whatever_the_text() -> None:
    texts = ["", "...", "x", "\ud800", "\0\0", "a" * 3000, "\n".join("xyz"), "漢字 " * 50, "www.a.example", *TEXTS[:3]]
    assert np.isfinite(rows_of(texts)[0]).all()


@pytest.mark.parametrize("bits", [TABLE_BITS, 15])
def test_training_and_use_add_up_the_same_ngrams(bits: int) -> None:
    tokens = tokenize(TEXTS[:10])
    units = segment(tokens, MODEL.lexicon)
    tables = np.random.default_rng(3).normal(size=(2, 1 << bits)).astype(np.float32)
    wide = np.repeat(tables, 1 << (TABLE_BITS - bits), axis=1)
    found = UnitNGrams.of(tokens, units, MODEL.lexicon)
    kinds = (found.words, found.classes)
    from_matrix = [ngram_matrix(kind, len(units), bits) @ table for kind, table in zip(kinds, tables, strict=True)]
    assert np.allclose(found.scores(wide), np.column_stack(from_matrix), rtol=0, atol=1e-3)


def score(text: str) -> float:
    """The text score of the first unit of a text."""
    tokens = tokenize([text])
    found = UnitNGrams.of(tokens, segment(tokens, MODEL.lexicon), MODEL.lexicon)
    return float(found.scores(MODEL.article.tables)[0, 0])


def test_ngrams_fold_case_and_digits() -> None:
    assert score("only 19 places left") == score("ONLY 84 PLACES LEFT") - difference("19", "84", "only {} places left")


def difference(one: str, other: str, text: str) -> float:
    """What the words themselves (digits are not folded in them) add to the score."""
    return score(text.format(other)) - score(text.format(one))


def test_ngrams_stay_inside_the_unit() -> None:
    tokens = tokenize(["cheap tyres. The council met."])
    units = segment(tokens, MODEL.lexicon)
    for grams in ngrams(tokens, units):
        assert (grams.slot >= 0).all()
        assert (grams.slot < 1 << TABLE_BITS).all()
        assert (grams.end[0] <= grams.start[1] + 4) or (grams.end[0] <= grams.end[1])


def test_what_stands_in_other_units_does_not_change_the_text_score() -> None:
    assert score("cheap tyres\nThe council met.") == pytest.approx(score("cheap tyres\nNobody came."), abs=1e-5)


@pytest.mark.parametrize(
    ("text", "unit", "name", "value"),
    [
        ("The train left. It was late.", 0, "whole_line", 0),
        ("The train left.\nIt was late.", 1, "whole_line", 1),
        ("One two three four. Five.", 0, "words", np.log1p(4)),
        ("THE TRAIN LEFT", 0, "shouted", 1),
        ("the train left", 0, "first_lower", 1),
        ("The train left", 0, "first_upper", 1),
        ("3 trains left", 0, "first_digit", 1),
        ("see www.a.example", 1, "links", 1),
        ("Did it leave?", 0, "right_ask", 1),
        ("It left.\n\n\nIt came.", 1, "blank_before", 3),
        ("It left.\nIt came.\nIt left.", 0, "copies", 2),
        ("It left.\nIt came.", 1, "from_start", np.log1p(1)),
        ("It left.\nIt came.", 1, "from_end", 0),
        ("It left.\nIt came.", 0, "doc_lines", np.log1p(2)),
        ("one, two, three", 0, "commas", 2 / 3),
        ("“It left.” It came.", 0, "left_quote", 1),
        ("(It left) it came", 0, "left_open", 1),
        ("News | Sport", 1, "left_bar", 1),
    ],
)
def test_columns(text: str, unit: int, name: str, value: float) -> None:
    assert evidence_of(text, unit)[name] == pytest.approx(value, abs=1e-6)
