"""The typos stage, seen from outside: cases, properties, switches, hostile input."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.config import TyposConfig
from cleaner.edits import Edit, apply, check
from cleaner.evaluate.typos import NAMED, OWN_NAMES, read_names
from cleaner.evaluate.typos import applied as applied_by
from cleaner.typos import REASONS, TyposStage

STAGE = TyposStage()
PASSES = 4


def cases(name: str) -> list[dict[str, str]]:
    loaded: list[dict[str, str]] = json.loads(
        (ROOT / "tests" / "cases" / "typos" / f"{name}.json").read_text(encoding="utf-8")
    )
    return loaded


def parameters(*names: str, marks: Any = ()) -> list[Any]:
    return [
        pytest.param(case["input"], case["expected"], id=f"{name}-{number}-{case['kind']}", marks=marks)
        for name in names
        for number, case in enumerate(cases(name))
    ]


def applied(text: str, stage: TyposStage = STAGE) -> list[Edit]:
    return [edit for edit in stage.propose([text])[0] if edit.score >= stage.threshold(edit)]


def cleaned(text: str, stage: TyposStage = STAGE) -> str:
    for _ in range(PASSES):
        edits = applied(text, stage)
        if not edits:
            break
        text = apply(text, edits)
    return text


@pytest.mark.parametrize(("text", "expected"), parameters("repairs", "acceptance", "negatives"))
def test_cases(text: str, expected: str) -> None:
    assert cleaned(text) == expected


@pytest.mark.parametrize(("text", "expected"), parameters("repairs", "acceptance"))
def test_a_cleaned_text_settles(text: str, expected: str) -> None:
    assert applied(cleaned(text)) == []


@pytest.mark.parametrize(("text", "expected"), parameters("known_failures", marks=pytest.mark.xfail(strict=True)))
def test_known_failures(text: str, expected: str) -> None:
    assert cleaned(text) == expected


def test_there_are_enough_negatives_of_many_kinds() -> None:
    kept = [case for case in cases("negatives") if case["input"] == case["expected"]]
    assert len(kept) >= 60
    assert len({case["kind"] for case in kept}) >= 15


PEOPLE = (
    "Abdulrahman Abiodun Adebayo Agnieszka Aisling Akihiko Aleksandar Amankwah Anouk Arkadiusz Asante Bartosz "
    "Bauer Bjarne Boateng Bogdan Bohumil Caoimhe Cavusoglu Chidi Chiwetel Czeslaw Danuta Demirtas Dhoni Dlamini "
    "Dragomir Ekaterina Elzbieta Emeka Erdal Fatoumata Fionnuala Friedl Gbagbo Gheorghe Gianluigi Grzegorz "
    "Gulbuddin Gwendolen Haakon Halvorsen Hamdan Hideki Hrvoje Iacob Ingeborg Iraklis Jadranka Jaroslaw Jhumpa "
    "Joao Kaczynski Karanka Katarzyna Kenyatta Khalilzad Kiplagat Kofi Kvitova Ladislav Lal Lindqvist Ljubomir "
    "Lukaku Maelle Mahathir Malgorzata Mbappe Merrit Mikhaylov Mladen Modibo Mugabe Murtaza Nadezhda Ndiaye "
    "Nkrumah Nowak Obasanjo Odinga Okonjo Olusegun Ondrej Orban Oyelowo Padraig Papadopoulos Petrov Phiri "
    "Pietersen Qureshi Radoslaw Rahmon Rajapaksa Rasmussen Saakashvili Saoirse Schmid Sergej Shevchenko Sithole "
    "Slobodan Soyinka Stanislaw Suleiman Szymon Tadeusz Tembo Thorvald Tomasz Traore Tshisekedi Tymoshenko Ueda "
    "Uhuru Urszula Vaclav Vasquez Venkatesh Vladimirov Wangari Wenger Wijesinghe Xhaka Yanukovych Yoweri Yusuf "
    "Zapatero Zbigniew Zeynep Zoltan Zuma"
).split()
PLACES = (
    "Aarhus Abeokuta Aberystwyth Almaty Antananarivo Arbil Baalbek Banjul Baramulla Bialystok Brno Bujumbura "
    "Bydgoszcz Chernihiv Chisinau Cluj Cuenca Debrecen Dnipro Douma Dushanbe Eindhoven Erbil Famagusta Gaborone "
    "Gdansk Ghouta Gjirokaster Goma Hargeisa Hodeidah Homs Idlib Ivanovo Izmir Jalalabad Juba Kandahar Kaunas "
    "Kharkiv Kobani Kosice Kunduz Lviv Lubumbashi Manbij Maputo Mogadishu Mosul Mykolaiv Nakuru Narva Niamey Nuuk "
    "Odense Orebro Ostrava Ouarzazate Palmyra Peshawar Pleven Plovdiv Podgorica Qamishli Qom Raqa Rijeka Rzeszow "
    "Saida Sevastopol Skopje Srebrenica Szczecin Tallinn Tartus Thimphu Timisoara Tbilisi Uppsala Vaduz Valletta "
    "Vilnius Windhoek Xian Yaounde Yerevan Zagreb Zaria Zilina"
).split()
SENTENCES = (
    "{0} said on Monday that the talks would go on.",
    "The visitors were met by {0} at the airport.",
    "According to {0}, the work is nearly done.",
    "{0} has lived there for ten years.",
    "They spoke to Mr {0} and to his sister.",
    "Is {0} going to win the prize this year?",
)
TOWNS = (
    "{0} lies two hours from the coast.",
    "The train to {0} was late again.",
    "Fighting went on near {0}, the agency said.",
    "{0} was quiet after the storm.",
    "The people of {0} have voted.",
    "He was born in {0} and never left.",
)


def test_names_stay_as_they_are() -> None:
    texts = [sentence.format(name) for name in PEOPLE for sentence in SENTENCES]
    texts += [sentence.format(name) for name in PLACES for sentence in TOWNS]
    changed = [(text, cleaned(text)) for text in texts if applied(text)]
    assert changed == []


def test_names_of_all_the_world_stay_in_both_presets() -> None:
    names = read_names(OWN_NAMES)
    assert len(names) >= 2000
    texts = [sentence.format(name) for name in names for sentence in (NAMED[2], "Then {0} went home, as he had said.")]
    for preset in ("strict", "normal"):
        stage = TyposStage(TyposConfig(preset=preset))
        assert [text for text, edits in applied_by(stage, texts) if edits] == []


@pytest.mark.parametrize(
    "sentence",
    [
        "The goverment raised the wage in April.",
        "Our aim.is to win the cup.",
        "They walked along the the river.",
        "He met Cavusoglu.",
    ],
)
def test_a_sentence_gets_the_same_answer_in_any_document(sentence: str) -> None:
    before, after = (
        "The shop opened at nine on Monday.\n\n",
        "\n\nNobody was there to see it when the doors closed in the evening.",
    )
    alone = applied(sentence)
    inside = applied(f"{before}{sentence}{after}")
    assert [(e.start - len(before), e.end - len(before), e.replacement, e.score) for e in inside] == [
        (e.start, e.end, e.replacement, e.score) for e in alone
    ]


def test_a_word_that_the_document_repeats_is_meant() -> None:
    once = "The farmer sold his glimner at the market."
    assert applied(f"{once} Another glimner was for sale the week after.") == []


TEXTS = st.text(
    st.sampled_from("abehint TheoIt.,;:!?\n\"'()-\u2019\u201d\u00ad\u00e9\ud800\0019"), max_size=120
) | st.text(max_size=60)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_edits_fit_any_text(text: str) -> None:
    edits = STAGE.propose([text])[0]
    check(edits, len(text))
    for edit in edits:
        before = text[edit.start : edit.end]
        assert edit.rule in REASONS
        assert 0.0 <= edit.score <= 1.0
        assert before != edit.replacement
        if before and edit.replacement:
            assert before[0] != edit.replacement[0] or before[-1] != edit.replacement[-1] or len(before) == 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([case["input"] for case in cases("repairs")]), max_size=6))
def test_a_batch_changes_nothing(texts: list[str]) -> None:
    assert STAGE.propose(texts) == [STAGE.propose([text])[0] for text in texts]


def test_edits_begin_and_end_where_they_change_something() -> None:
    for case in cases("repairs") + cases("acceptance"):
        for edit in STAGE.propose([case["input"]])[0]:
            before, after = case["input"][edit.start : edit.end], edit.replacement
            if before and after:
                assert before[0] != after[0] or before[-1] != after[-1], (case, edit)


def test_every_rule_is_shown_by_a_case_and_can_be_switched_off() -> None:
    seen = {}
    for case in cases("repairs") + cases("acceptance"):
        for edit in applied(case["input"]):
            seen.setdefault(edit.rule, case["input"])
    assert set(seen) == set(REASONS)
    for rule, text in seen.items():
        without = TyposStage(TyposConfig(disable=(rule,)))
        assert rule not in {edit.rule for edit in without.propose([text])[0]}


def test_allowed_words_stay() -> None:
    text = "The goverment raised the wage in April."
    assert applied(text)
    assert applied(text, TyposStage(TyposConfig(allow_words=("Goverment",)))) == []


def test_normal_applies_whatever_strict_applies() -> None:
    normal = TyposStage(TyposConfig(preset="normal"))
    for case in cases("repairs") + cases("negatives"):
        assert set(applied(case["input"])) <= set(applied(case["input"], normal))


@pytest.mark.parametrize(
    "piece",
    [
        "x" * 1000,
        ",",
        "a,",
        "a.b.",
        "the ",
        "\u00ad",
        "(",
        '"',
        "a-\n",
        "? ",
        "goverment ",
        "Xq ",
        ". ",
        "aa aa ",
        "no.The",
        "\n",
        "1l0O",
    ],
    ids=repr,
)
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    short, long = (piece * (size // len(piece)) for size in (25_000, 200_000))
    STAGE.propose([short])
    durations = []
    for text in (short, long):
        start = time.process_time()
        STAGE.propose([text])
        durations.append(time.process_time() - start)
    assert durations[1] < 8 * 2.5 * durations[0] + 0.3


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "," * 100_000,
        "a. b " * 50_000,
        " ".join(f"{word} {word}" for word in sorted(STAGE.lexicon.words)[:30_000]),
        " ".join(f"{word}x" for word in sorted(STAGE.lexicon.words)[:5_000]),
        'said,"no ' * 30_000,
    ],
    ids=["one word", "commas", "stops", "doubled words", "unknown words", "quotation marks"],
)
def test_hostile_text_is_done_in_time(text: str) -> None:
    start = time.process_time()
    STAGE.propose([text])
    assert time.process_time() - start < 20


def test_palmyra_style_sentence() -> None:
    text = (
        "\u201cOur military aim.is to capture the town and expel the militia from it\u201d, Ahmad al-Hassan told AFP."
    )
    assert [(text[e.start : e.end], e.replacement, e.rule) for e in applied(text)] == [(".", " ", "stray_stop")]
