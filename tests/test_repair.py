"""The repair stage by cases: damage as it is met, damage that is made, clean text that must stay, what is left."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner.config import RepairConfig
from cleaner.edits import apply, check
from cleaner.evaluate.hostile import HOSTILE
from cleaner.repair import REASONS, RepairStage
from cleaner.repair.suspicion import needs

CASES = ROOT / "tests" / "cases" / "repair"


def cases(name: str) -> list[Any]:
    read = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["label"]) for case in read]


@cache
def stage() -> RepairStage:
    return RepairStage()


def repaired(text: str, config: RepairConfig | None = None) -> str:
    (edits,) = (RepairStage(config) if config else stage()).propose([text])
    return apply(text, edits)


def rules(text: str) -> set[str]:
    return {edit.rule for edit in stage().propose([text])[0]}


def assert_well_formed(text: str) -> None:
    (edits,) = stage().propose([text])
    check(edits, len(text))
    for edit in edits:
        before, after = text[edit.start : edit.end], edit.replacement
        assert before != after
        assert edit.rule in REASONS
        assert edit.stage == "repair"
        if before and after:
            assert before[0] != after[0], edit
            assert before[-1] != after[-1], edit


@pytest.mark.parametrize("case", cases("in_the_wild") + cases("synthetic"))
def test_damage_is_repaired(case: dict[str, str]) -> None:
    assert repaired(case["original"]) == case["fixed"]
    assert_well_formed(case["original"])
    assert repaired(case["fixed"]) == case["fixed"]
    if "rule" in case:
        assert case["rule"] in rules(case["original"])


@pytest.mark.parametrize("case", cases("negative"))
def test_clean_text_stays(case: dict[str, str]) -> None:
    assert case["original"] == case["fixed"]
    assert stage().propose([case["original"]]) == [()]


@pytest.mark.xfail(reason="not solved yet", strict=True)
@pytest.mark.parametrize("case", cases("known_failures"))
def test_known_failures(case: dict[str, str]) -> None:
    assert repaired(case["original"]) == case["fixed"]


def test_the_training_cases_are_well_formed_and_settle() -> None:
    path = ROOT / "training_data" / "repair_cases.jsonl"
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for record in records:
        assert_well_formed(record["gold"])
        once = repaired(record["input"])
        assert repaired(once) == once


def test_clean_sentences_in_many_languages_stay() -> None:
    path = ROOT / "training_data" / "repair_cases.jsonl"
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    kept = [record for record in records if record["kind"].startswith("keep_")]
    assert len({record["lang"] for record in kept}) > 30
    assert [record["input"] for record in kept if stage().propose([record["input"]]) != [()]] == []


def test_a_batch_gives_what_each_text_gives() -> None:
    texts = ["cafÃ© &amp; bar", "clean", "", "caf\\u00e9 na\\u00efve", "in\u00adfor"]
    assert stage().propose(texts) == [stage().propose([text])[0] for text in texts]


# ---------------------------------------------------------------------------------------------- what holds for any text

DIRT = st.sampled_from(
    (
        "Ã© â€™ Â \xa0 \x85 \x92 \u200b \u200d \u200e \u202a \u2028 \ufeff \ufffd \ud83d \ude00 &amp; &lt; &#233; "
        "<br> \\u00e9 \\xc3\\xa9 %C3%A9 =C3=A9 <U+2019> Рџ РјРёСЂ ├⌐ √© Г© ВЈ5 ĂĽ fĂĽr \x1b[1m \x00 a B é “ ” ’ « » "
        "СССР 中 \n"
    ).split(" ")
)
TEXTS = st.one_of(st.text(), st.lists(DIRT, max_size=14).map("".join), st.lists(DIRT, max_size=9).map(" ".join))


@settings(max_examples=600, deadline=None)
@example("Ã" * 50)
@example("\ud800\udc00\udc00")
@example("&" + "amp;" * 40 + "lt;")
@given(TEXTS)
def test_any_text_gives_well_formed_edits(text: str) -> None:
    assert_well_formed(text)


@settings(max_examples=600, deadline=None)
@given(TEXTS)
def test_a_text_without_edits_stays_without(text: str) -> None:
    for _ in range(4):  # as often as the pipeline runs a document through its stages
        again = repaired(text)
        if again == text:
            break
        text = again
    assert stage().propose([text]) == [()]


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_the_quick_test_misses_nothing(text: str) -> None:
    """Whatever a repair would change is announced by the test that lets clean text pass."""
    if needs(text):
        return
    changed = [repair(text) for _, repair in stage()._decoding] + [repair(text) for repair in stage()._junk]
    assert changed == [[] for _ in changed]


@pytest.mark.parametrize("name", HOSTILE)
def test_work_grows_with_the_text(name: str) -> None:
    """Four times the text takes about four times as long; a quadratic step would take sixteen times."""
    from time import process_time

    def seconds(size: int) -> float:
        text, best = HOSTILE[name](size), 9.0
        for _ in range(3):
            start = process_time()
            stage().propose([text])
            best = min(best, process_time() - start)
        return best

    assert seconds(32_000) < 9 * seconds(8_000) + 0.02


# ------------------------------------------------------------------------------------------------------------- options


@pytest.mark.parametrize(
    ("config", "source", "result"),
    [
        (RepairConfig(uncurl_quotes=True), "“It’s”", '"It\'s"'),
        (RepairConfig(ligatures=True), "ﬁrst oﬃce", "first office"),
        (RepairConfig(widths=True), "ＡＢＣ　１", "ABC 1"),
        (RepairConfig(normalization="NFC"), "Cafe\u0301 a\u0300", "Café à"),
        (RepairConfig(normalization="NFKC"), "ﬁrst ½", "first 1⁄2"),
        (RepairConfig(entities=False), "caf&eacute;", "caf&eacute;"),
        (RepairConfig(invisibles=False), "in\u00adfor\ufeff", "in\u00adfor\ufeff"),
    ],
)
def test_options(config: RepairConfig, source: str, result: str) -> None:
    assert repaired(source, config) == result
    assert repaired(result, config) == result


def test_every_rule_has_a_reason() -> None:
    assert all(sentence.endswith(".") for sentence in REASONS.values())
