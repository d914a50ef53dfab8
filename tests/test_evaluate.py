"""The figures mean what they say: counted by hand on small texts. And the gate holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from cleaner.config import CleanConfig
from cleaner.dataset import Document, Labelled
from cleaner.decode import decode
from cleaner.edits import Edit, apply
from cleaner.errors import DataError
from cleaner.evaluate import missed, run
from cleaner.evaluate.noise import (
    _f1,
    _overlap,
    figures_of,
    four_grams,
    keep_figures,
    measure,
    own_beside_headlines,
    own_test_documents,
    tally,
    truncated,
)
from cleaner.hosts import Host
from cleaner.pipeline import Cleaner
from cleaner.result import CleanResult, Step
from cleaner.vocabulary import is_test


def document(marked: str, *quotes: tuple[str, str, str]) -> Document:
    """A document with (quote, label, detail) as spans."""
    spans = tuple(Labelled(marked.index(q), marked.index(q) + len(q), label) for q, label, _ in quotes)
    return Document("a", marked, spans, detail=tuple(detail for _, _, detail in quotes))


def result(text: str, *removed: str, flagged: tuple[str, ...] = ()) -> CleanResult:
    """What a cleaner would give that removes these pieces."""

    def edits(pieces: tuple[str, ...], label: str, score: float) -> tuple[Edit, ...]:
        return tuple(
            Edit(text.index(p), text.index(p) + len(p), "", "noise", "line", score, label) for p in pieces
        )  # fmt: skip

    applied, withheld = edits(removed, "keyword_spam", 0.9), edits(flagged, "off_topic", 0.4)
    decoded = decode(text)
    return CleanResult(decoded, apply(text, applied), (Step("noise", applied, withheld),))


TEXT = "One two three four five. cheap loans here Six seven eight nine ten."
NOISE = ("cheap loans here", "keyword_spam", "a:kw/after")


def test_recall_counts_words() -> None:
    doc = document(TEXT, NOISE)
    found = figures_of(tally([doc], [result(TEXT, " cheap loans")]), "x")
    assert found["x.recall.label:keyword_spam"] == pytest.approx(2 / 3)
    assert found["x.recall.kind:a"] == pytest.approx(2 / 3)
    assert found["x.recall.kind:a/after"] == pytest.approx(2 / 3)
    assert found["x.lost"] == 0
    assert found["x.precision.kind:a"] == 1


def test_exact_means_the_whole_span_and_nothing_else() -> None:
    doc = document(TEXT, NOISE)
    whole = figures_of(tally([doc], [result(TEXT, " cheap loans here")]), "x")
    part = figures_of(tally([doc], [result(TEXT, " cheap loans")]), "x")
    more = figures_of(tally([doc], [result(TEXT, " cheap loans here Six")]), "x")
    pieces = figures_of(tally([doc], [result(TEXT, " cheap loans", " here")]), "x")
    assert [f["x.exact.kind:a"] for f in (whole, part, more, pieces)] == [1, 0, 0, 1]
    parted = TEXT.replace(" cheap", " · cheap")
    doc = document(parted, NOISE)
    for gone in (" · cheap loans here", "cheap loans here"):
        assert figures_of(tally([doc], [result(parted, gone)]), "x")["x.exact.kind:a"] == 1


def test_labels_are_right_by_words_of_noise_that_went() -> None:
    text = TEXT + " Read more soon. Eleven twelve."
    doc = document(text, NOISE, ("Read more soon.", "related_links", "c:template"))
    found = figures_of(tally([doc], [result(text, " cheap loans here", " Six", " Read more soon.")]), "x")
    assert found["x.labels_right"] == pytest.approx(3 / 6)  # all that `result` removes is keyword spam
    assert "x.labels_right" not in figures_of(tally([doc], [result(text)]), "x")


def test_lost_words_and_precision() -> None:
    doc = document(TEXT, NOISE)
    found = figures_of(tally([doc], [result(TEXT, " cheap loans here Six")]), "x")
    assert found["x.lost"] == pytest.approx(1e4 / 10)
    assert found["x.precision.kind:a"] == pytest.approx(3 / 4)
    assert "x.clean.lost" not in found


def test_precision_of_a_kind_needs_documents_that_hold_only_that_kind() -> None:
    text = TEXT + "\nShare on Facebook"
    doc = document(text, NOISE, ("Share on Facebook", "share_bar", "f:menu/line"))
    found = figures_of(tally([doc], [result(text, " cheap loans here", "\nShare on Facebook")]), "x")
    assert not [name for name in found if name.startswith("x.precision.kind")]


def test_clean_documents_have_figures_of_their_own() -> None:
    docs = [document(TEXT.replace(" cheap loans here", ""))] * 4
    text = docs[0].text
    found = figures_of(tally(docs, [result(text), result(text), result(text), result(text, "One two")]), "x")
    assert found["x.clean.untouched"] == 0.75
    assert found["x.clean.lost"] == pytest.approx(1e4 * 2 / 40)


def test_flagged_sentences() -> None:
    text = "One two three. Wheat prices fell again. Four five six. Barley rose."
    doc = document(text, ("Wheat prices fell again.", "off_topic", "b:sentence/after"))
    found = figures_of(tally([doc], [result(text, flagged=("Wheat prices fell again.", "Barley rose."))]), "x")
    assert found["x.flagged.recall"] == 1
    assert found["x.flagged.precision"] == pytest.approx(4 / 6)
    assert found["x.recall.label:off_topic"] == 0


def test_labels_to_keep_are_text_and_doubtful_ones_are_nothing() -> None:
    text = "One two three. A caption here\nMaybe a menu"
    doc = document(text, ("A caption here", "caption", "own:caption"), ("Maybe a menu", "?", "r:residue"))
    found = figures_of(tally([doc], [result(text, "A caption here", "\nMaybe a menu")]), "x")
    assert found["x.lost"] == pytest.approx(1e4 * 3 / 6)
    assert not [name for name in found if "recall" in name]


def test_nothing_at_all() -> None:
    assert figures_of(tally([], []), "x") == {"x.lost": 0}


def test_four_grams() -> None:
    grams = four_grams("One two, three four one TWO three four")
    assert grams[("one", "two", "three", "four")] == 2
    assert sum(grams.values()) == 5
    assert four_grams("one two three") == {}


def test_the_f1_of_four_grams() -> None:
    gold = four_grams("one two three four five six")
    assert _overlap(four_grams("one two three four five"), gold) == (1.0, 2 / 3)
    assert _overlap(four_grams(""), gold) == (0.0, 0.0)
    assert _f1([(1.0, 0.5), (0.5, 1.0)]) == pytest.approx(0.75)
    assert _f1([(0.0, 0.0)]) == 0


def test_truncated_texts_are_beginnings() -> None:
    hosts = [Host(f"h{n}", "\n\n".join(f"line {i}" for i in range(9)), "own") for n in range(40)]
    sizes = set()
    for doc in truncated(hosts):
        lines = doc.text.split("\n")
        assert lines == [f"line {i}" for i in range(len(lines))]
        sizes.add(len(lines))
    assert sizes == {1, 2, 3, 4}


# Our own documents ----------------------------------------------------------------------------------------------------

CLEANER = Cleaner(CleanConfig(stages=("noise",)))
OWN = own_test_documents(ROOT / "training_data")


def test_what_is_measured_is_not_what_is_trained_on() -> None:
    assert len(OWN) > 20
    assert all(is_test(doc) for doc in OWN)


def test_noise_beside_headlines_stands_in_our_own_articles_and_a_folder_without_a_vocabulary_has_none(
    tmp_path: Path,
) -> None:
    documents, again = (own_beside_headlines(ROOT / "training_data", 60) for _ in range(2))
    assert len(documents) == 60
    assert all(found.spans for found in documents)
    beside = [detail for found in documents for detail in found.detail]
    assert not any(detail.endswith("/mid") for detail in beside)
    assert sum(not detail.endswith("/line") for detail in beside) > len(beside) / 2
    assert [found.text for found in documents] == [found.text for found in again]
    assert own_beside_headlines(tmp_path) == []


def test_a_cleaner_that_removes_nothing_has_no_recall_and_no_harm() -> None:
    found = measure(Cleaner(stages=[]), OWN, "none")
    assert found["none.lost"] == 0
    assert {value for name, value in found.items() if ".recall." in name} == {0}
    assert keep_figures(Cleaner(stages=[]), OWN) == {"own.keeps_kept": 1}


def test_what_ships_holds_the_gate() -> None:
    found = run(CleanConfig(), ROOT / "training_data")
    assert missed(found) == []
    assert found["noise.own.recall.label:share_bar"] > 0.5


# The gate -------------------------------------------------------------------------------------------------------------


def gate(folder: Path, text: str) -> Path:
    (folder / "gate.toml").write_text(text, encoding="utf-8")
    return folder / "gate.toml"


def test_the_gate_names_what_is_missed(tmp_path: Path) -> None:
    path = gate(tmp_path, '[at_least]\n"recall" = 0.5\n"kept" = 0.9\n[at_most]\n"lost" = 5\n"harm" = 1.0\n')
    assert missed({"recall": 0.5, "kept": 0.95, "lost": 5.0, "harm": 0.0}, path) == []
    assert missed({"recall": 0.25, "kept": 0.95, "lost": 7.5, "harm": 0.0}, path) == [
        "recall is 0.2500, below the floor of 0.5",
        "lost is 7.5000, above the limit of 5",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [('[at_least]\n"gone" = 1\n', r"gate\.toml: no such figure: gone"), ("[at_", "gate"), (None, "No such file")],
)
def test_a_broken_gate(text: str | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "gate.toml" if text is None else gate(tmp_path, text)
    with pytest.raises(DataError, match=message):
        missed({"recall": 1.0}, path)
