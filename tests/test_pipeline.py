"""The pipeline: passes, order, streams, limits; with small stages, and once with the real ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from conftest import PatternStage, small_stages
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner.config import CleanConfig, NoiseConfig
from cleaner.edits import Edit, apply
from cleaner.errors import BinaryInputError
from cleaner.pipeline import BATCH, PASSES, Cleaner, build_stages, clean

DIRTY = """The council met on Tuesday to vote on the plan.
Share on Facebook
The mayor said it was clear.The vote is on Friday &amp; nobody will be be late."""
CLEAN = """The council met on Tuesday to vote on the plan.
The mayor said it was clear. The vote is on Friday & nobody will be late."""


def test_the_real_stages_together() -> None:
    result = Cleaner().clean(DIRTY)
    assert result.text == CLEAN
    assert {step.stage for step in result.steps} == {"repair", "noise", "typos"}
    assert Cleaner().clean(CLEAN).text == CLEAN


def test_stages_are_built_by_name_and_in_order() -> None:
    assert [stage.name for stage in build_stages(CleanConfig())] == ["repair", "typos", "noise"]
    other_order = CleanConfig(stages=("noise", "typos", "repair"))
    assert [stage.name for stage in build_stages(other_order)] == ["repair", "typos", "noise"]
    assert [stage.name for stage in build_stages(CleanConfig(stages=("typos",)))] == ["typos"]
    assert Cleaner(CleanConfig(stages=())).clean(DIRTY).text == DIRTY


def test_one_call() -> None:
    assert clean(DIRTY) == clean(DIRTY.encode()) == CLEAN
    assert cleaner.clean is clean


def test_the_public_names() -> None:
    assert set(cleaner.__all__) >= {"CleanConfig", "CleanResult", "Cleaner", "clean"}
    assert all(getattr(cleaner, name) for name in cleaner.__all__)


@dataclass
class Counting:
    """Takes one letter away at a time, and counts the texts that it is given."""

    name: str = "repair"
    batches: tuple[int, ...] = ()

    def propose(self, texts: Sequence[str]) -> list[tuple[Edit, ...]]:
        self.batches = (*self.batches, len(texts))
        return [(Edit(0, 1, "", "repair", "one_less"),) if text.startswith("x") else () for text in texts]

    def threshold(self, edit: Edit) -> float:
        return 0.5


def test_a_changed_document_goes_through_the_stages_again_and_only_that() -> None:
    stage = Counting()
    results = list(Cleaner(stages=[stage]).clean_many(["a", "xa", "xxa", "a"]))
    assert [result.text for result in results] == ["a"] * 4
    assert stage.batches == (4, 2, 1)
    assert [len(result.steps) for result in results] == [0, 1, 2, 0]


def test_a_stage_is_not_asked_twice_about_one_text() -> None:
    first, second = Counting(), Counting()
    results = list(Cleaner(stages=[first, second]).clean_many(["a", "xa"]))
    assert [result.text for result in results] == ["a", "a"]
    assert first.batches == (2, 1)
    assert second.batches == (2,)  # what the first has made of the text it knows already


def test_passes_are_limited() -> None:
    stage = Counting()
    assert Cleaner(stages=[stage]).clean("x" * 20).text == "x" * (20 - PASSES)
    assert len(stage.batches) == PASSES


def test_a_stream_is_read_in_batches_and_its_order_kept(small_cleaner: Cleaner) -> None:
    read = 0

    def documents() -> Iterator[str]:
        nonlocal read
        for number in range(3 * BATCH):
            read += 1
            yield f"{number} met teh mayor"

    stream = small_cleaner.clean_many(documents())
    assert read == 0
    assert next(stream).text == "0 met the mayor"
    assert read == BATCH
    assert [result.text for result in stream] == [f"{n} met the mayor" for n in range(1, 3 * BATCH)]


def test_binary_bytes_do_not_end_a_stream(small_cleaner: Cleaner) -> None:
    good, bad, last = small_cleaner.clean_many(["teh", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", b"teh"])
    assert (good.text, bad.text, last.text) == ("the", "", "the")
    assert bad.decoded.method == "binary"
    assert bad.warnings
    with pytest.raises(BinaryInputError):
        small_cleaner.clean(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03")


def test_line_ends_become_lf_whatever_stages_run() -> None:
    result = Cleaner(stages=[]).clean("a\r\nb\rc\n")
    assert result.text == "a\nb\nc\n"
    assert apply("a\r\nb\rc\n", result.changes) == result.text


def test_what_is_withheld_in_the_last_pass_is_what_counts(small_cleaner: Cleaner) -> None:
    result = small_cleaner.clean("teh mayor\nperhaps SPAM")
    assert [mark.text for mark in result.flagged] == ["\nperhaps SPAM"]
    assert sum(len(step.withheld) for step in result.steps) == 1


SHARE = 9 / 13  # of the words below stand in lines with SPAM; the entity counts as a word
LONG = "&amp;One two three\nSPAM one two three\nSPAM four five six\nSPAM"


@pytest.mark.parametrize("limit", [1.0, SHARE])
def test_a_text_may_lose_as_much_as_the_limit(limit: float) -> None:
    result = Cleaner(CleanConfig(max_removed=limit), stages=small_stages(CleanConfig())).clean(LONG)
    assert (result.text, result.warnings) == ("&One two three", ())


@pytest.mark.parametrize("limit", [SHARE - 0.01, 0.0])
def test_a_text_that_would_lose_more_is_left_as_it_is(limit: float) -> None:
    result = Cleaner(CleanConfig(max_removed=limit), stages=small_stages(CleanConfig())).clean(LONG)
    assert (result.text, result.changes, result.removed) == (LONG, (), ())
    assert [mark.label for mark in result.flagged] == ["keyword_spam"] * 3
    assert "69% of its words would be removed" in result.warnings[0]


def test_what_two_passes_remove_counts_once() -> None:
    text = "one two SPAM three four five six seven"
    inner = PatternStage("noise", re.compile(" SPAM"), "", "keyword_spam")
    outer = PatternStage("noise", re.compile("two three"), "", "keyword_spam")  # only there when the inner one is gone
    cleaner = Cleaner(CleanConfig(max_removed=0.4), stages=[outer, inner])
    assert cleaner.clean(text).text == "one  four five six seven"  # three of eight words


def test_a_document_without_removals_never_meets_the_limit() -> None:
    stage = PatternStage("typos", small_stages(CleanConfig())[2].pattern, "he")  # type: ignore[attr-defined]
    assert Cleaner(CleanConfig(max_removed=0.0), stages=[stage]).clean("teh").text == "the"


@given(st.lists(st.text(st.characters() | st.sampled_from("&amp;\n \ud800\0.")), max_size=3))
@settings(max_examples=40)
def test_any_text_comes_through_the_real_stages(texts: list[str]) -> None:
    for text, result in zip(texts, REAL.clean_many(texts), strict=True):
        assert result.decoded.text == text
        assert apply(text, result.changes) == result.text


REAL = Cleaner(CleanConfig(noise=NoiseConfig(budget=20.0)))
