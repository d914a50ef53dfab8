"""What a result tells: changes, removals and flags in the source, whatever happened in between."""

from __future__ import annotations

import json
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.decode import decode
from cleaner.edits import Edit, apply
from cleaner.pipeline import Cleaner
from cleaner.reasons import reason
from cleaner.result import CleanResult, Mark, Step, change_record

SOURCE = "A &amp; B met teh mayor.\nSPAM here\nperhaps SPAM\nThe end."


def test_marks_have_source_offsets(small_cleaner: Cleaner) -> None:
    result = small_cleaner.clean(SOURCE)
    assert result.text == "A & B met the mayor.\nperhaps SPAM\nThe end."
    assert [mark.text for mark in result.removed] == ["\nSPAM here"]
    assert [mark.text for mark in result.flagged] == ["\nperhaps SPAM"]
    for mark in (*result.removed, *result.flagged):
        assert SOURCE[mark.start : mark.end] == mark.text
        assert (mark.label, mark.rule) == ("keyword_spam", "noise_rule")


def test_changes_lead_from_the_source_to_the_text(small_cleaner: Cleaner) -> None:
    result = small_cleaner.clean(SOURCE)
    assert apply(SOURCE, result.changes) == result.text
    assert [(SOURCE[c.start : c.end], c.replacement) for c in result.changes] == [
        ("amp;", ""), ("eh", "he"), ("\nSPAM here", ""),
    ]  # fmt: skip


@given(st.text(st.sampled_from("ab &amp;teh\nSPAMperhaps "), max_size=60))
def test_the_steps_replayed_give_the_text(text: str) -> None:
    from conftest import small_stages

    from cleaner.config import CleanConfig

    result = Cleaner(stages=small_stages(CleanConfig())).clean(text)
    assert reduce(lambda done, step: apply(done, step.applied), result.steps, result.decoded.text) == result.text
    assert apply(result.decoded.text, result.changes) == result.text
    for mark in result.removed:
        assert text[mark.start : mark.end] == mark.text


def test_to_dict_is_plain_data(small_cleaner: Cleaner) -> None:
    data = small_cleaner.clean(SOURCE.encode()).to_dict()
    assert json.loads(json.dumps(data)) == data
    assert (data["encoding"], data["undecodable"], data["warnings"]) == ("utf-8", 0, [])
    assert data["removed"] == [
        {"start": 24, "end": 34, "text": "\nSPAM here", "label": "keyword_spam", "rule": "noise_rule", "score": 0.9}
    ]
    assert [record["stage"] for record in data["changes"]] == ["repair", "typos", "noise"]


def test_a_change_by_several_edits_names_them_all() -> None:
    first, second = Edit(0, 1, "b", "repair", "one"), Edit(0, 1, "c", "typos", "two", 0.81239)
    result = CleanResult(decode("a"), "c", (Step("repair", (first,)), Step("typos", (second,))))
    (record,) = result.to_dict()["changes"]
    assert record["causes"] == ["repair/one", "typos/two"]
    assert (record["stage"], record["rule"], record["score"]) == ("typos", "two", 0.8124)


def test_what_is_done_and_undone_is_no_change() -> None:
    steps = (Step("repair", (Edit(0, 1, "b", "repair", "x"),)), Step("typos", (Edit(0, 1, "a", "typos", "y"),)))
    assert CleanResult(decode("a"), "a", steps).changes == ()


def test_a_withheld_edit_of_a_later_step_has_its_place_in_the_source() -> None:
    steps = (
        Step("repair", (Edit(0, 4, "", "repair", "x"),)),
        Step("noise", (), (Edit(2, 5, "", "noise", "line", 0.3, "advert"),)),
    )
    result = CleanResult(decode("....ab now"), "ab now", steps)
    assert result.flagged == (Mark(6, 9, " no", "advert", "line", 0.3),)
    assert [(span.start, span.end) for span, _ in result.withheld] == [(6, 9)]


def test_no_work_no_steps(small_cleaner: Cleaner) -> None:
    result = small_cleaner.clean("Nothing to do.")
    assert (result.steps, result.changes, result.removed, result.flagged, result.warnings) == ((), (), (), (), ())


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (Edit(0, 1, "", "noise", "advert_slot"), "an advertising slot's own label"),
        (Edit(0, 1, "", "noise", "no_such_rule"), "no such rule"),
        (Edit(0, 1, "", "theirs", "some_rule"), "some rule"),
    ],
)
def test_every_edit_has_a_reason(edit: Edit, sentence: str) -> None:
    assert reason(edit) == sentence


def test_the_record_of_a_change_has_the_source_before_it(small_cleaner: Cleaner) -> None:
    result = small_cleaner.clean(SOURCE)
    for change in result.changes:
        record = change_record(SOURCE, change)
        assert record["before"] == SOURCE[record["start"] : record["end"]]
        assert record["after"] == change.replacement
