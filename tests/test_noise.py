"""The noise stage, seen from outside: cases, properties, labels, hostile input, reasons."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.config import CleanConfig, NoiseConfig
from cleaner.dataset import read_documents
from cleaner.edits import Edit, apply, check
from cleaner.errors import ConfigError, ModelError
from cleaner.features import COLUMNS
from cleaner.inserts import NOTHING, Inserts
from cleaner.lexicon import Lexicon
from cleaner.model import Judgement, NoiseModel, Scores
from cleaner.noise import REASONS, NoiseStage, explain
from cleaner.pipeline import Cleaner
from cleaner.policy import KEEP, labels
from cleaner.rules import RULES
from cleaner.tokens import Tokens
from cleaner.units import Units
from cleaner.verdicts import VERDICTS

STAGE = NoiseStage(NoiseConfig())
CLEANER = Cleaner(CleanConfig(stages=("noise",)))
DOCUMENTS = [
    document.text
    for name in ("genres", "life", "local", "trade", "world")
    for document in read_documents(ROOT / "training_data" / f"{name}.jsonl")
]


def cases(name: str) -> list[dict[str, str]]:
    path = ROOT / "tests" / "cases" / "noise" / f"{name}.toml"
    loaded: list[dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    return loaded


def parameters(*names: str, marks: Any = ()) -> list[Any]:
    return [
        pytest.param(case["input"], case["expected"], id=f"{name}-{case['name'].replace(' ', '-')}", marks=marks)
        for name in names
        for case in cases(name)
    ]


def cleaner(**options: Any) -> Cleaner:
    return Cleaner(CleanConfig(stages=("noise",), noise=NoiseConfig(**options)))


def spans(edits: tuple[Edit, ...]) -> list[tuple[int, int, str, str]]:
    return [(edit.start, edit.end, edit.label, edit.rule) for edit in edits]


# Cases ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "expected"), parameters("in_the_wild", "synthetic", "negative"))
def test_cases(text: str, expected: str) -> None:
    assert CLEANER.clean(text).text == expected


@pytest.mark.parametrize(("text", "expected"), parameters("known_failures", marks=pytest.mark.xfail(strict=True)))
def test_known_failures(text: str, expected: str) -> None:
    assert CLEANER.clean(text).text == expected


@pytest.mark.parametrize(("text", "expected"), parameters("in_the_wild", "synthetic", "negative", "known_failures"))
def test_cleaning_twice_changes_nothing_more(text: str, expected: str) -> None:
    once = CLEANER.clean(text).text
    assert CLEANER.clean(once).text == once
    assert CLEANER.clean(expected).text == expected or once != expected


def test_the_case_files_are_well_formed() -> None:
    files = {name: cases(name) for name in ("in_the_wild", "synthetic", "negative", "known_failures")}
    assert [len(files["in_the_wild"]) >= 25, len(files["synthetic"]) >= 25, len(files["negative"]) >= 60] == [True] * 3
    every = [case for rows in files.values() for case in rows]
    assert len({case["name"] for case in every}) == len(every)
    assert all(set(case) == {"name", "comment", "input", "expected"} and case["comment"] for case in every)
    assert all(case["input"] == case["expected"] for case in files["negative"])
    assert all(case["input"] != case["expected"] for case in files["synthetic"] + files["in_the_wild"])


# Properties -----------------------------------------------------------------------------------------------------------


def agree(one: tuple[Edit, ...], other: tuple[Edit, ...]) -> bool:
    """The same edits; scores may differ in the last digits, as sums of many numbers do."""
    near = all(abs(a.score - b.score) < 1e-4 for a, b in zip(one, other, strict=False))
    return near and spans(one) == spans(other)


@given(st.lists(st.integers(0, len(DOCUMENTS) - 1), min_size=2, max_size=8), st.data())
@settings(max_examples=30)
def test_a_text_has_the_same_edits_in_any_batch(numbers: list[int], data: st.DataObject) -> None:
    texts = [DOCUMENTS[number] for number in numbers]
    texts.insert(data.draw(st.integers(0, len(texts))), data.draw(st.sampled_from(["", "\n", "...", "x", "\ud800\0"])))
    together = STAGE.propose(texts)
    for text, edits in zip(texts, together, strict=True):
        assert agree(edits, STAGE.propose([text])[0])


def test_a_text_has_the_same_edits_among_all_documents() -> None:
    together = STAGE.propose(DOCUMENTS[:150])
    for number in range(0, 150, 5):
        assert agree(together[number], STAGE.propose([DOCUMENTS[number]])[0]), number


def test_edits_of_documents_are_sorted_disjoint_and_named() -> None:
    known = labels()
    for text, edits in zip(DOCUMENTS, STAGE.propose(DOCUMENTS), strict=True):
        check(edits, len(text))
        for edit in edits:
            assert edit.start < edit.end
            assert edit.replacement == ""
            assert edit.stage == "noise"
            assert edit.rule in REASONS
            assert known[edit.label].action != KEEP
            assert 0 <= edit.score <= 1


def test_documents_settle() -> None:
    once = [result.text for result in CLEANER.clean_many(DOCUMENTS[::3])]
    again = [result.text for result in CLEANER.clean_many(once)]
    assert [number for number, (a, b) in enumerate(zip(once, again, strict=True)) if a != b] == []


def test_no_text_and_no_texts() -> None:
    assert STAGE.propose([]) == []
    assert STAGE.propose(["", "\n", "..."]) == [(), (), ()]


HOSTILE = st.lists(
    st.text(st.characters(), max_size=8)
    | st.sampled_from(["Advertisement", "\n", "\ud800", "\udfff", "\0", "\u2028", "Share on Facebook", "cheap loans"])
    | st.sampled_from([". ", " ", "The council met."]),
    max_size=25,
).map("".join)


@given(st.lists(HOSTILE, min_size=1, max_size=3))
@settings(max_examples=200)
def test_any_text_survives(texts: list[str]) -> None:
    for text, edits in zip(texts, STAGE.propose(texts), strict=True):
        check(edits, len(text))
        assert len(apply(text, edits)) <= len(text)


@given(HOSTILE)
@settings(max_examples=60)
def test_any_text_settles(text: str) -> None:
    once = CLEANER.clean(text).text
    assert CLEANER.clean(once).text == once


# Labels and limits ----------------------------------------------------------------------------------------------------

BUTTONS = """The ferry company will raise its fares in May, its director told the council on Tuesday.
Share on Facebook
The council had asked for another year.
ADVERTISEMENT
It meets again in June."""


def test_labels_to_keep_stay() -> None:
    assert cleaner(keep=("share_bar",)).clean(BUTTONS).text == BUTTONS.replace("ADVERTISEMENT\n", "")
    assert cleaner(keep=("share_bar", "advert")).clean(BUTTONS).text == BUTTONS


def test_what_is_kept_is_not_even_proposed() -> None:
    (edits,) = NoiseStage(NoiseConfig(keep=("share_bar",))).propose([BUTTONS])
    assert {edit.label for edit in edits} == {"advert"}


TWO_STORIES = "The orchestra plays on Friday. Wheat prices fell for a second week. Its conductor is ill.\nIt is cold."
OTHER_STORY = "Wheat prices fell for a second week."


@dataclass(frozen=True)
class WheatModel:
    """The shipped model, but units about wheat, and only these, are off-topic, and nothing else is noise."""

    model: NoiseModel

    @property
    def lexicon(self) -> Lexicon:
        return self.model.lexicon

    def judge(self, tokens: Tokens, units: Units, budget: float) -> Judgement:
        wheat = ["Wheat" in tokens.text(a, b) for a, b in zip(units.first, units.last, strict=True)]
        scores = Scores(np.full(len(units), -9, np.float32), np.where(wheat, 2, -2).astype(np.float32))
        return self.model.judge(tokens, units, budget)._replace(scores=scores, inserts=NOTHING)

    def judge_again(self, judgement: Judgement, certain: Sequence[int], budget: float) -> tuple[Scores, Inserts]:
        return self.model.judge_again(judgement, certain, budget)

    def label(self, texts: Sequence[str]) -> list[str]:
        return self.model.label(texts)


def wheat_cleaner(**options: Any) -> Cleaner:
    stage = NoiseStage(NoiseConfig(**options))
    stage.__dict__["model"] = WheatModel(stage.model)
    return Cleaner(stages=[stage])


def test_an_off_topic_sentence_is_flagged_and_stays() -> None:
    result = wheat_cleaner().clean(TWO_STORIES)
    assert result.text == TWO_STORIES
    assert result.removed == ()
    assert [(mark.text, mark.label, mark.rule) for mark in result.flagged] == [(OTHER_STORY, "off_topic", "off_topic")]


def test_an_off_topic_sentence_goes_with_its_separator_on_request() -> None:
    result = wheat_cleaner(remove=("off_topic",)).clean(TWO_STORIES)
    assert result.text == TWO_STORIES.replace(f" {OTHER_STORY}", "")
    assert [mark.label for mark in result.removed] == ["off_topic"]
    assert result.flagged == ()


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"remove": ("off_topik",)}, "did you mean 'off_topic'"),
        ({"keep": ("adverts",)}, "did you mean 'advert'"),
        ({"keep": ("zzz",)}, "labels: keyword_spam"),
    ],
)
def test_an_unknown_label_is_an_error(options: dict[str, tuple[str, ...]], hint: str) -> None:
    with pytest.raises(ConfigError, match=hint):
        NoiseStage(NoiseConfig(**options))


def test_an_unknown_model_is_an_error() -> None:
    with pytest.raises(ModelError, match="did you mean 'noise'"):
        NoiseStage(NoiseConfig(model="noize"))


def test_a_text_that_would_lose_too_much_is_left_as_it_is() -> None:
    text = "Share on Facebook\nShare on Twitter\nThe library is closed.\nADVERTISEMENT"
    result = Cleaner(CleanConfig(stages=("noise",), max_removed=0.3)).clean(text)
    assert result.text == text
    assert result.removed == ()
    assert {mark.label for mark in result.flagged} >= {"share_bar", "advert"}
    assert "--max-removed" in result.warnings[0]


def test_a_doubt_is_reported_and_stays() -> None:
    doubts = [m for text in DOCUMENTS for m in CLEANER.clean(text).flagged if m.label != "off_topic"]
    assert doubts
    assert all(mark.score < 0.5 for mark in doubts)


def test_a_larger_budget_never_removes_less() -> None:
    def removed(budget: float) -> int:
        results = cleaner(budget=budget).clean_many(DOCUMENTS[:200])
        return sum(len(mark.text) for result in results for mark in result.removed)

    small, middle, large = removed(0.5), removed(2.0), removed(20.0)
    assert small <= middle <= large
    assert small < large


# Hostile input --------------------------------------------------------------------------------------------------------

GROWING: dict[str, Callable[[int], str]] = {
    "1 MB without a blank": lambda n: "a" * n,
    "1 MB of punctuation": lambda n: "!?.,;" * (n // 5),
    "1 MB of brackets": lambda n: "[(" * (n // 2),
    "1 MB of line ends": lambda n: "\n" * n,
    "1 MB of blanks in a sentence": lambda n: "The council met." + " " * n + "Advertisement",
    "1 MB without ASCII": lambda n: "漢" * (n // 3),
    "100,000 lines": lambda n: "The council met.\n" * (n // 10),
    "addresses": lambda n: "http://a.example/b" * (n // 18),
    "dots between letters": lambda n: "a." * (n // 8),
    "open tags": lambda n: "www." * (n // 4),
    "slots between sentences": lambda n: "Advertisement\nThe council met on Tuesday.\n" * (n // 400),
}


@pytest.mark.parametrize("name", GROWING)
def test_the_work_grows_with_the_text(name: str) -> None:
    """Four times the text may cost up to ten times the work (a busy machine); sixteen times would be quadratic."""
    make, size = GROWING[name], 250_000
    small, large = make(size), make(4 * size)
    ratios = []
    for _ in range(3):
        ratios.append((seconds(large) - 0.1) / max(seconds(small), 0.005))
        if ratios[-1] < 10:
            return
    raise AssertionError(f"four times the text costs {min(ratios):.0f} times the work")


def seconds(text: str) -> float:
    start = time.process_time()
    (edits,) = STAGE.propose([text])
    spent = time.process_time() - start
    check(edits, len(text))
    return spent


# Reasons --------------------------------------------------------------------------------------------------------------


def test_every_rule_has_a_reason() -> None:
    assert set(RULES) < set(REASONS)
    assert all(reason and not reason.endswith(".") for reason in REASONS.values())


def test_every_rule_of_the_model_is_used() -> None:
    seen = {edit.rule for edits in STAGE.propose(DOCUMENTS) for edit in edits}
    assert seen >= {"line", "sentence", "fragment", "block"}


def test_the_evidence_for_an_edit_of_the_model() -> None:
    text = next(text for text in DOCUMENTS if any(m.rule == "fragment" for m in CLEANER.clean(text).removed))
    edit = next(edit for edit in STAGE.propose([text])[0] if edit.rule == "fragment" and edit.score >= 0.5)
    found = explain(text, edit)
    assert len(found) > 3
    assert [abs(gain) for _, gain in found] == sorted((abs(gain) for _, gain in found), reverse=True)
    assert any(gain > 0 for _, gain in found)
    assert {name for name, _ in found} <= {*COLUMNS, *VERDICTS, "meaning"}


def test_a_rule_is_its_own_reason() -> None:
    (edits,) = STAGE.propose([BUTTONS])
    rules = [edit for edit in edits if edit.rule in RULES]
    assert {edit.rule for edit in rules} == {"share_buttons", "advert_slot"}
    assert [explain(BUTTONS, edit) for edit in rules] == [[], []]


def test_evidence_beyond_the_text_is_none() -> None:
    assert explain("The council met.", Edit(500, 510, "", "noise", "line")) == []


def test_removals_never_touch_each_other_out_of_order() -> None:
    for text, edits in zip(DOCUMENTS[:100], STAGE.propose(DOCUMENTS[:100]), strict=True):
        for left, right in pairwise(edits):
            assert left.end <= right.start, text[left.start : right.end]
