"""Which label a piece of noise has: what it looks like, what is learnt, what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from conftest import inside_lines
from hypothesis import given
from hypothesis import strategies as st

from cleaner.config import NoiseConfig
from cleaner.dataset import Document, Labelled
from cleaner.labeller import BITS, LOOK, PLACES, Labeller, Pieces, label_evidence
from cleaner.noise import NoiseStage, load_cached
from cleaner.train_labels import noise_pieces, train_labels

MODEL = load_cached(NoiseConfig().model)


def lines(texts: Sequence[str], known: Sequence[str] = ()) -> Pieces:
    """Pieces that fill lines which follow each other."""
    all_ = np.ones(len(texts), np.bool_)
    return Pieces(texts, all_, all_, np.arange(len(texts)) > 0, known or [""] * len(texts))


def evidence(texts: Sequence[str]) -> np.ndarray:
    return label_evidence(texts, inside_lines(texts).places(), MODEL.lexicon)[1]


def look(text: str) -> dict[str, float]:
    rows = evidence(["Other words stand before.", text, "And behind it, too"])
    return dict(zip(LOOK, rows[1].tolist(), strict=False))


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
    rows = evidence(texts)
    assert rows.shape == (len(texts), len(LOOK) + 2 * len(PLACES))
    assert np.isfinite(rows).all()
    assert (rows >= 0).all()
    for number, text in enumerate(texts):
        assert (evidence([text])[0] == rows[number]).all()


def test_a_search_phrase_of_words_that_nobody_has_seen_is_told_by_its_look() -> None:
    """Both tables of the model could be right by the words alone for phrases that it has learnt."""
    phrases = ["quince marmalade jars bulk", "used vaulting poles", "lute string sets online", "celebrity news"]
    assert MODEL.label(inside_lines(phrases)).count("keyword_spam") >= 3
    without_look = replace(MODEL.labeller, look=np.zeros_like(MODEL.labeller.look))
    assert without_look.label(inside_lines(phrases), MODEL.lexicon).count("keyword_spam") < 4


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
    new = inside_lines(["Sport | Weather | Contact", "A letter comes to you, sign up."])
    for one in (labeller, again):
        assert one.label(new, MODEL.lexicon) == ["site_furniture", "newsletter"]
    assert np.array_equal(again.roots, labeller.roots)
    assert (again.unit, again.look.tolist()) == (labeller.unit, labeller.look.tolist())
    assert labeller.roots.shape == (1 << BITS, 3)


def test_where_pieces_stand() -> None:
    text = "News on a line. cheap rugs\nHome\n\nSport\nNews again, on a line.\nSign up here. More news.\nPrint\n"
    noise = ("cheap rugs", "Home\n\nSport", "Sign up here.", "Print")
    spans = tuple(Labelled(text.index(n), text.index(n) + len(n), "site_furniture") for n in noise)
    _, pieces = noise_pieces(Document("a", text, spans))
    rows = [{name for name, value in zip(PLACES, row, strict=True) if value} for row in pieces.places()]
    assert dict(zip(pieces.texts, rows, strict=True)) == {
        "cheap rugs": set(),
        "Home": {"line", "beside"},
        "Sport": {"line", "beside"},
        "Sign up here.": {"opening"},
        "Print": {"line", "alone"},
    }
    assert pieces.follows.tolist() == [False, False, True, False, False]


def test_a_line_between_two_that_go_is_between() -> None:
    between = lines(["Home", "News", "Sport"]).places()[:, PLACES.index("between")]
    assert between.tolist() == [0, 1, 0]


def test_a_line_that_says_nothing_of_itself_goes_with_the_lines_around_it() -> None:
    thread = ["dan_77 says: what a rotten idea, who voted for this?", "Well put", "Reply"]
    alone, beside = MODEL.label(inside_lines(thread)), MODEL.label(lines(thread))
    assert alone[1] != "comment_spam"
    assert beside[:2] == ["comment_spam", "comment_spam"]


@pytest.mark.parametrize("label", ["comment_spam", "newsletter", "legal_footer"])
def test_a_label_that_is_known_stays_and_counts_for_the_lines_beside_it(label: str) -> None:
    vague = "Well then"
    known = MODEL.label(lines(["Anything", vague, "Else"], [label, "", label]))
    assert known[0] == known[2] == label
    without = replace(
        MODEL.labeller, look=np.zeros_like(MODEL.labeller.look), roots=np.zeros_like(MODEL.labeller.roots)
    )
    assert without.label(lines(["Anything", vague], [label, ""]), MODEL.lexicon) == [label, label]
    assert without.label(inside_lines(["Anything", vague], [label, ""]), MODEL.lexicon)[1] == without.names[0]


def test_search_words_behind_a_sentence_and_the_same_in_a_menu() -> None:
    menu = "Garden tools\nPower tools\nHand tools"
    text = (
        "The council will close the old bridge for repairs from Monday, and drivers should use the crossing.{}\n"
        "Work on the eastern pier is expected to take eleven weeks, said the engineer in charge of it.{}"
    )
    stage = NoiseStage(NoiseConfig())
    behind, below = text.format(" cheap power tools", ""), text.format("", "\n" + menu)
    assert {edit.label for edit in stage.propose([behind])[0] if edit.score >= 0.5} == {"keyword_spam"}
    assert "keyword_spam" not in {edit.label for edit in stage.propose([below])[0] if edit.score >= 0.5}


def test_what_a_person_labelled_counts_more_than_what_a_template_made() -> None:
    """The same words in both, under another label each."""

    def document(kind: str, label: str) -> tuple[int, Document]:
        text = "Members of the club save more"
        return 0, Document("a", text, (Labelled(0, len(text), label),), detail=(kind,) if kind else ())

    others = [(0, Document("b", "Home | Sport", (Labelled(0, 12, "site_furniture"),)))]
    made, labelled = [document("c:promo", "advert")] * 4, [document("", "paywall")] * 4
    labeller = train_labels([*made, *labelled, *others], MODEL.lexicon, 1)
    assert labeller.label(inside_lines(["Members of the club save more"]), MODEL.lexicon) == ["paywall"]
