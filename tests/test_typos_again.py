"""The second look of the typos stage finds what a look at the whole text finds, and a `Revision` says what changed."""

from __future__ import annotations

import random
import re
from functools import reduce

import pytest
from conftest import PatternStage
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner.edits import Edit, apply, compose
from cleaner.pipeline import Cleaner
from cleaner.revision import Revision
from cleaner.typos import TyposStage
from cleaner.typos.again import NEAR, passages

STAGE = TyposStage()

SENTENCES = (
    "The council met on Tuesday to vote on the plan.",
    "Nobody could of known that the hopsital would close so soon.",
    "He said it was clear.The vote is on Friday.",
    'She said,"We will not go." Then the the mayor left.',
    '"Your going to like it," he said , and sat down.',
    "They recieve more then a hundred letters each week.",
    "The Gorbeldian river rose again ( as it did in 1902 ) and fell.",
    "Gorbeldian houses stood empty for a year.",
    "A zelkova grew there, and the zelkova was old.",
    "The gov ernment said the plan was sound ; nobody agreed.",
    "Is it over ? Nobody knows whether their is more to come.",
    "The meet-\ning ended at noon, as planned.",
    "It ended at noon, in the town hall, with a song that all of them knew.",
)
"""Most of them hold what the stage repairs, or would if nothing stood around it."""

WORDS = ("", " ", "the", '"', "zelkova", "Gorbeldian", "of known", ". ", "\n", "hopsital", "?", "x" * 70, " " * 25)


def document(seed: int) -> str:
    chosen = random.Random(seed)
    sentences = (chosen.choice(SENTENCES) for _ in range(chosen.randrange(4, 60)))
    return "".join(sentence + chosen.choice((" ", " ", " ", "\n", "\n\n")) for sentence in sentences)


def changed(text: str, seed: int) -> tuple[Edit, ...]:
    """Some edits at random places, most of them at chunks."""
    chosen = random.Random(seed)
    places = sorted(chosen.sample(range(len(text)), 2 * chosen.randrange(1, 4)))
    pairs = zip(places[::2], places[1::2], strict=True)
    return tuple(
        Edit(start, min(end, start + chosen.choice((0, 1, 5, 300))), chosen.choice(WORDS), "noise", "some")
        for start, end in pairs
    )


def revision(seed: int) -> Revision:
    text = document(seed)
    proposed = STAGE.propose([text])[0]
    steps = [tuple(edit for edit in proposed if edit.score >= STAGE.threshold(edit))] if seed % 2 else []
    steps.append(changed(apply(text, steps[0]) if steps else text, seed))
    changes = reduce(compose, steps)
    return Revision(text, proposed, apply(text, changes), changes)


@settings(max_examples=150)
@given(st.integers(0, 1 << 32))
@example(1686)  # a word that is no longer repeated stands beside a passage's core
def test_a_second_look_finds_what_a_look_at_the_whole_text_finds(seed: int) -> None:
    revised = revision(seed)
    assert STAGE.review([revised]) == STAGE.propose([revised.text])


def test_many_at_once() -> None:
    revised = [revision(seed) for seed in range(60)]
    assert STAGE.review(revised) == STAGE.propose([one.text for one in revised])


FILLER = "It ended at noon, in the town hall, with a song that all of them knew.\n" * 30


def one_change(before: str, wrong: str, right: str) -> Revision:
    at = before.index(wrong)
    change = (Edit(at, at + len(wrong), right, "typos", "some"),)
    return Revision(before, STAGE.propose([before])[0], apply(before, change), change)


def test_only_the_surroundings_of_a_change_are_looked_at() -> None:
    revised = one_change(FILLER + "He said it was clear.The vote is on Friday.\n" + FILLER, "clear.The", "clear. The")
    found = passages(revised)
    assert found is not None
    assert [p.core_end - p.core_start < 3 * NEAR for p in found] == [True]


@pytest.mark.parametrize("stands", ["Then nobody came,but the hopsital stayed.", "The hopsital closed."])
def test_a_word_that_is_no_longer_repeated_is_found_wherever_it_stands(stands: str) -> None:
    revised = one_change("The hopsital opened.\n" + FILLER + stands, "hopsital", "hall")
    assert not any(edit.rule == "spelling" for edit in revised.edits)
    edits = STAGE.review([revised])[0]
    assert [edit.rule for edit in edits if edit.rule == "spelling"] == ["spelling"]
    assert edits == STAGE.propose([revised.text])[0]


def test_a_quotation_mark_turns_those_behind_it_on_its_line() -> None:
    line = 'The mayor said "no, and went on with a list of reasons that nobody had heard before, ' * 5
    before = FILLER + line + 'and at last added,"We go.\n' + FILLER
    revised = one_change(before, '"no', "no")
    assert STAGE.review([revised])[0] == STAGE.propose([revised.text])[0] != revised.edits


def test_where_a_place_stood_before() -> None:
    changes = (Edit(2, 4, "xyz", "a", "b"), Edit(6, 6, "-", "a", "b"), Edit(8, 9, "", "a", "b"))
    revised = Revision("0123456789", (), apply("0123456789", changes), changes)
    assert revised.text == "01xyz45-679"
    assert [revised.text[span.start : span.end] for span in revised.spans] == ["xyz", "-", ""]
    places = {letter: revised.text.index(letter) for letter in "0145679"}
    assert {letter: now - revised.shift(now) for letter, now in places.items()} == {n: int(n) for n in places}
    assert revised.shift(len(revised.text)) == len(revised.text) - len(revised.before)


def test_the_pipeline_asks_for_a_review_of_what_it_has_changed() -> None:
    asked: list[Revision] = []

    class Reviewing(TyposStage):
        def review(self, revisions):  # type: ignore[no-untyped-def]
            asked.extend(revisions)
            return super().review(revisions)

    noise = PatternStage("noise", re.compile("SPAM "), "", "keyword_spam")
    text = FILLER + "SPAM He said it was clear.The vote is on Friday.\n" + FILLER
    result = Cleaner(stages=[Reviewing(), noise]).clean(text)
    assert result.text == text.replace("SPAM ", "").replace("clear.The", "clear. The")
    assert [(one.before, one.text) for one in asked] == [(text, result.text)]
    assert apply(text, asked[0].changes) == result.text
    assert Cleaner(stages=[Reviewing(), noise]).clean(result.text).changes == ()


def test_a_word_is_confused_or_not_whatever_stands_elsewhere() -> None:
    alone = "The old guide says that on the hill (where their is) nobody lives."
    beside = f"{alone} They know their is a reason."
    assert [edit.rule for edit in STAGE.propose([alone])[0]] == ["confused_word"]
    assert [edit.rule for edit in STAGE.propose([beside])[0]] == ["confused_word"] * 2
