"""Which label a piece of noise has: what it looks like, what is learnt, what is stored."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.config import NoiseConfig
from cleaner.dataset import Document, Labelled
from cleaner.labeller import BITS, LOOK, Labeller, label_evidence
from cleaner.noise import load_cached
from cleaner.train_labels import train_labels

MODEL = load_cached(NoiseConfig().model)


def look(text: str) -> dict[str, float]:
    _, rows = label_evidence(["Other words stand before.", text, "And behind it, too"], MODEL.lexicon)
    return dict(zip(LOOK, rows[1].tolist(), strict=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cheap flights", {"function": 0, "no_function": 1, "stop": 0, "first_upper": 0, "link": 0, "digits": 0}),
        ("Who are you?", {"stop": 1, "ask": 1, "first_upper": 1, "no_function": 0}),
        ("Win 500 now.", {"stop": 1, "ask": 0, "digits": pytest.approx(1 / 3)}),
        ("home, garden, sport", {"commas": pytest.approx(2 / 3), "signs": 0}),
        ("Home | News | Sport | Weather", {"signs": pytest.approx(3 / 4), "upper": 1}),
        ("see www.cheap-rugs.example/a", {"link": 1}),
        ("One. Two. Three.", {"stops": pytest.approx(2 / 3), "stop": 1}),
        ("", {"constant": 1, "words": pytest.approx(np.log(2) / 3), "commas": 0}),
    ],
)
def test_what_a_text_looks_like(text: str, expected: dict[str, float]) -> None:
    assert {name: look(text)[name] for name in expected} == expected


@given(st.lists(st.text(max_size=60), min_size=1, max_size=6))
def test_the_look_of_any_text_is_small_and_does_not_depend_on_the_batch(texts: list[str]) -> None:
    _, rows = label_evidence(texts, MODEL.lexicon)
    assert rows.shape == (len(texts), len(LOOK))
    assert np.isfinite(rows).all()
    assert (rows >= 0).all()
    for number, text in enumerate(texts):
        assert (label_evidence([text], MODEL.lexicon)[1][0] == rows[number]).all()


def test_a_search_phrase_of_words_that_nobody_has_seen_is_told_by_its_look() -> None:
    """Both tables of the model could be right by the words alone for phrases that it has learnt."""
    phrases = ["quince marmalade jars bulk", "used vaulting poles", "lute string sets online", "celebrity news"]
    assert MODEL.label(phrases).count("keyword_spam") >= 3
    without_look = Labeller(MODEL.labeller.names, MODEL.labeller.roots, np.zeros_like(MODEL.labeller.look))
    assert without_look.label(phrases, MODEL.lexicon).count("keyword_spam") < 4


def test_rare_labels_are_learnt_beside_frequent_ones_and_read_as_they_were_stored() -> None:
    def documents(label: str, texts: list[str]) -> list[tuple[int, Document]]:
        return [(0, Document("a", text, (Labelled(0, len(text), label),))) for text in texts]

    menus = [f"Home | Sport {n} | Weather | Contact" for n in range(60)]
    letters = [f"Our letter number {n} comes to you each morning, do sign up." for n in range(6)]
    links = [f"www.rugs-{n}.example/shop" for n in range(20)]
    pieces = documents("site_furniture", menus) + documents("newsletter", letters) + documents("link_spam", links)
    labeller = train_labels(pieces, MODEL.lexicon, 1)
    assert set(labeller.names) == {"newsletter", "site_furniture", "link_spam"}
    again = Labeller.from_arrays(labeller.names, labeller.arrays())
    for one in (labeller, again):
        assert one.label(["Sport | Weather | Contact", "A letter comes to you, sign up."], MODEL.lexicon) == [
            "site_furniture", "newsletter",
        ]  # fmt: skip
    assert np.array_equal(again.roots, labeller.roots)
    assert labeller.roots.shape == (1 << BITS, 3)
