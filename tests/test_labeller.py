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
from cleaner.noise import NoiseStage, _Found, _pieces, load_cached
from cleaner.tokens import tokenize
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
    assert (again.scale, again.look.tolist()) == (labeller.scale, labeller.look.tolist())
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


ARTICLE = (
    "The council will close the old bridge for repairs from Monday, and drivers should use the crossing at the mill.",
    "Work on the eastern pier is expected to take eleven weeks, said the engineer in charge of it.",
)


def labels_of(text: str) -> dict[str, str]:
    """Of what the noise stage removes from a text, line by line."""
    edits = [edit for edit in NoiseStage(NoiseConfig()).propose([text])[0] if edit.score >= 0.5]
    return {
        line.strip(): edit.label for edit in edits for line in text[edit.start : edit.end].split("\n") if line.strip()
    }


def test_search_words_behind_a_sentence_and_the_same_in_a_menu() -> None:
    menu = ["Home", "Hand tools", "Power tools", "Garden tools", "Contact us", "Log in", "Privacy policy"]
    behind, below = f"{ARTICLE[0]} cheap power tools\n{ARTICLE[1]}", "\n".join((*menu, *ARTICLE))
    assert labels_of(behind) == {"cheap power tools": "keyword_spam"}
    assert labels_of(below)["Power tools"] != "keyword_spam"


def test_the_stage_tells_where_its_pieces_stand() -> None:
    texts = ["One two\nThree\nFour. Five six\nSeven", "Eight\nNine"]
    tokens = tokenize(texts)
    words = [tokens.text(n, n + 1) for n in range(len(tokens))]

    def group(first: str, last: str, score: float = 0.9, label: str = "") -> list[_Found]:
        return [_Found(words.index(first), words.index(last) + 1, "line", label, score)]

    groups = [
        group("One", "two"), group("Three", "Three"), group("Five", "six"), group("Seven", "Seven"),
        group("Eight", "Eight"), group("Nine", "Nine", 0.2),
    ]  # fmt: skip
    pieces = _pieces(tokens, groups, {"newsletter"})
    assert pieces.texts == ["One two", "Three", "Five six", "Seven", "Eight", "Nine"]
    assert pieces.line.tolist() == [True, True, False, True, True, True]
    assert pieces.opening.tolist() == [True, True, False, True, True, True]
    assert pieces.follows.tolist() == [False, True, False, False, False, False]  # nor what is in doubt
    groups[0], groups[1] = group("One", "two", 0.9, "newsletter"), group("Three", "Three", 0.9)
    assert _pieces(tokens, groups, {"newsletter"}).follows[1]
    assert not _pieces(tokens, groups, {"advert"}).follows[
        1
    ]  # a newsletter stays then, and what goes does not follow it
    assert not _pieces(tokens, [groups[0], groups[3]], {"newsletter"}).follows[1]  # a line stands between
    assert _pieces(tokens, groups, {"newsletter"}).known[:2] == ["newsletter", ""]


def only_constant(names: tuple[str, ...], weights: Sequence[float]) -> Labeller:
    """A labeller that sees nothing of a piece."""
    look = np.zeros((len(LOOK) + 2 * len(PLACES), len(names)), np.float32)
    look[LOOK.index("constant")] = weights
    return Labeller(names, np.zeros((1 << BITS, len(names)), np.int8), 1.0, look)


@pytest.mark.parametrize(("lead", "expected"), [(1.0, "advert"), (2.0, "newsletter")])
def test_how_much_the_label_of_a_line_counts_for_the_one_above_and_the_one_below(lead: float, expected: str) -> None:
    labeller = only_constant(("advert", "newsletter"), (0.0, lead))
    assert labeller.label(lines(["x", "y"], ["advert", ""]), MODEL.lexicon)[1] == expected
    assert labeller.label(lines(["x", "y"], ["", "advert"]), MODEL.lexicon)[0] == expected
    assert labeller.label(inside_lines(["x", "y"], ["advert", ""]), MODEL.lexicon)[1] == "newsletter"


def test_places_count_and_count_again_for_pieces_without_function_words() -> None:
    labeller = only_constant(("advert", "newsletter"), (0.0, 0.5))
    for row, texts, expected in (
        (len(LOOK), ["Of the day", "Tools"], ["advert", "advert"]),
        (len(LOOK) + len(PLACES), ["Of the day", "Tools"], ["newsletter", "advert"]),
    ):
        look = labeller.look.copy()
        look[row + PLACES.index("line"), 0] = 1.0
        alone = [replace(labeller, look=look).label(lines([text]), MODEL.lexicon)[0] for text in texts]
        assert alone == expected
        assert replace(labeller, look=look).label(inside_lines(texts), MODEL.lexicon) == ["newsletter"] * 2


def document(label: str, text: str, kind: str = "", source: str = "own") -> tuple[int, Document]:
    return 0, Document("a", text, (Labelled(0, len(text), label),), source=source, detail=(kind,) if kind else ())


OTHERS = [document("site_furniture", "Home | Sport")]


def label_learnt(documents: Sequence[tuple[int, Document]], text: str) -> str:
    return train_labels([*documents, *OTHERS], MODEL.lexicon, 1).label(inside_lines([text]), MODEL.lexicon)[0]


def test_what_a_person_labelled_counts_more_than_what_a_template_made() -> None:
    """The same words in both, under another label each; nor does it matter how often a template made them."""
    text = "Members of the club save more"
    made, labelled = [document("advert", text, "c:promo")] * 4000, [document("paywall", text)] * 4
    assert label_learnt([*made, *labelled], text) == "paywall"


def test_what_an_extractor_left_counts_less_than_what_a_template_made() -> None:
    text = "Members of the club save more"
    made = [document("advert", text, "c:promo")] * 2
    left = [document("paywall", text, "r:residue", "andy/bs4")] * 4
    assert label_learnt([*made, *left], text) == "advert"
    left = [document("paywall", text, "r:residue", "andy")] * 4
    assert label_learnt([*made, *left], text) == "paywall"
