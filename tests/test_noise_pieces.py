"""What the noise stage takes out as one piece: with which separator, under which label."""

from __future__ import annotations

import random

import pytest
from conftest import ROOT, inside_lines
from hypothesis import given
from hypothesis import strategies as st

from cleaner.config import CleanConfig, NoiseConfig
from cleaner.edits import Span
from cleaner.hosts import Host
from cleaner.noise import NoiseStage, with_separator
from cleaner.pipeline import Cleaner
from cleaner.synthesis import Noise, NoiseMaker, Recipe, _place, assembled, sentence_ends
from cleaner.vocabulary import Found, Vocabulary

STAGE = NoiseStage(NoiseConfig())
CLEANER = Cleaner(CleanConfig(stages=("noise",)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\n[X]\nTwo.", "One.\nTwo."),
        ("One.\n\n[X]\n\nTwo.", "One.\n\nTwo."),
        ("One.\n\n[X]\nTwo.", "One.\n\nTwo."),
        ("One.\n[X]\n\nTwo.", "One.\n\nTwo."),
        ("[X]\nTwo.", "Two."),
        ("[X] Two.", "Two."),
        ("[X]\n\nTwo.", "Two."),
        ("One.\n[X]", "One."),
        ("One. [X]", "One."),
        ("One.\n[X]\n", "One.\n"),
        ("[X]", ""),
        ("[X]\n", "\n"),
        ("One.[X]\nTwo.", "One.\nTwo."),
        ("One.[X] Two.", "One. Two."),
        ("One. [X]Two.", "One. Two."),
        ("One [X] two.", "One two."),
        ("One. [X] Two.", "One. Two."),
        ("One.\n[X] Two.", "One.\nTwo."),
        ("One. [X]\nTwo.", "One.\nTwo."),
        ("One.\n    [X]\nTwo.", "One.\nTwo."),
        ("One.\n[X]\n    Two.", "One.\n    Two."),
        ("One.  \n[X]\nTwo.", "One.\nTwo."),
        ("One.\u00a0[X] Two.", "One. Two."),
        ("漢字。\n[X]\n😀", "漢字。\n😀"),
    ],
)
def test_a_removal_takes_one_separator_along(text: str, expected: str) -> None:
    span = with_separator(text, Span(text.index("[X]"), text.index("[X]") + 3))
    assert text[: span.start] + text[span.end :] == expected


BLANKS = st.text(st.sampled_from(" \n\t\u00a0"), max_size=4)


@given(BLANKS, BLANKS, st.sampled_from(["", "a", "a."]), st.sampled_from(["", "b"]))
def test_of_two_separators_the_greater_one_stays(left: str, right: str, before: str, after: str) -> None:
    text = f"{before}{left}X{right}{after}"
    span = with_separator(text, Span(len(before + left), len(before + left) + 1))
    assert text[span.start : span.end].strip() == "X"
    rest = text[: span.start] + text[span.end :]
    if before and after:
        lines = max(left.count("\n"), right.count("\n"))
        assert rest in (before + left + after, before + right + after)
        assert rest.count("\n") == lines
        assert rest[len(before) : len(rest) - len(after)] or not (left or right)


HOSTS = {
    "lines": "The ferry is late. Nobody knows why.\nThe crew has gone home, and the cook is asleep.\nIt is cold.",
    "blank lines": "The ferry is late. Nobody knows why.\n\nThe crew has gone home, and all is dark.\n\nIt is cold.",
    "one line": "The ferry is late. Nobody knows why. The crew has gone home, and the cook is asleep. It is cold.",
}


@pytest.mark.parametrize("name", HOSTS)
@pytest.mark.parametrize("kind", ["a", "b", "c", "d", "e"])
def test_what_synthesis_put_in_comes_out_without_a_trace(name: str, kind: str) -> None:
    host, rng = Host("h", HOSTS[name], "own"), random.Random(f"{name}/{kind}")
    maker = NoiseMaker(Vocabulary.read(ROOT / "training_data" / "vocabulary"), Found(), rng)
    places = set()
    for _ in range(60):
        noise = Noise("cheap ferry tickets" + ("\nbest ferry deals" if kind == "d" else ""), kind, "keyword_spam", "kw")
        insertion = _place(rng, host.text, sentence_ends(host.text), noise, maker, Recipe())
        if insertion.before.strip():
            continue  # a separator of the injector's own, " - ": it belongs to the noise
        document = assembled(host, [insertion])
        (span,) = document.spans
        assert document.text[span.start : span.end] == noise.text
        taken = with_separator(document.text, span.span)
        assert document.text[: taken.start] + document.text[taken.end :] == host.text, insertion
        places.add(insertion.place)
    assert places


def test_a_block_goes_as_one_piece_with_one_separator() -> None:
    text = "The ferry is late, and nobody knows why.\n\nShare on Facebook\nShare on Twitter\n\nThe crew has gone home."
    result = CLEANER.clean(text)
    assert result.text == "The ferry is late, and nobody knows why.\n\nThe crew has gone home."
    assert [mark.text for mark in result.removed] == ["\n\nShare on Facebook\nShare on Twitter"]


def test_neighbours_with_two_labels_are_two_edits() -> None:
    text = "The ferry is late, and nobody knows why.\nShare on Facebook\nADVERTISEMENT\nThe crew has gone home."
    (edits,) = STAGE.propose([text])
    applied = [edit for edit in edits if edit.score >= STAGE.threshold(edit)]
    assert [(text[e.start : e.end], e.label) for e in applied] == [
        ("\nShare on Facebook\n", "share_bar"),
        ("ADVERTISEMENT", "advert"),
    ]


def test_what_is_found_side_by_side_on_a_line_has_one_label() -> None:
    menu = "About us | Contact | Privacy policy | Newsletter"
    text = (
        "The council will close the old bridge for repairs from Monday, and drivers are asked to use the crossing.\n"
        f"{menu}\nWork on the eastern pier is expected to take eleven weeks, said the engineer in charge."
    )
    removed = CLEANER.clean(text).removed
    assert len({STAGE.model.label(inside_lines([word]))[0] for word in menu.split(" | ")}) > 1
    assert len({mark.label for mark in removed}) == 1
