"""What all integrations share: the command line's output, nothing lost, and no document that ends a worker."""

from __future__ import annotations

import json
import logging
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, cleaner_process
from dirty import by_command_line, cleaned, dirty
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner import CleanConfig
from cleaner.decode import decode
from cleaner.edits import Edit, apply
from cleaner.errors import CleanerError, ConfigError, missing
from cleaner.formats import COLUMNS
from cleaner.integrations.cleaning import ADDED, FAILED, NO_TEXT, Cleaned, Value, cached_cleaner, cleaning, field_of
from cleaner.pipeline import BATCH
from cleaner.result import CleanResult, Step
from cleaner.work import _followed

CRASH = "SPAM that makes it crash"


def test_the_text_is_that_of_the_command_line() -> None:
    found = [cleaned.text for cleaned in cleaning().values(dirty())]
    assert found == cleaned(dirty())
    assert sum(a != b for a, b in zip(found, dirty(), strict=True)) > 20


def test_the_columns_are_those_of_the_command_line() -> None:
    add = [name.removeprefix("cleaner_") for name in COLUMNS]
    records = by_command_line(dirty(), *(f"--add={name}" for name in add))
    found = [{"text": cleaned.text, **cleaned.added} for cleaned in cleaning(add=add).values(dirty())]
    assert found == list(records)


def test_the_ledger_is_that_of_the_command_line_and_leads_back(tmp_path: Path) -> None:
    texts = [text for text in dirty() if "\ud800" not in text]  # which JSON must escape; then a ledger has more to say
    rows = "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts)
    (tmp_path / "texts.jsonl").write_text(rows, encoding="utf-8")
    cleaner_process("clean", "texts.jsonl", "-q", "-o", "out.jsonl", "--ledger", "ledger.jsonl", cwd=tmp_path)
    made = cleaning(add=["ledger"]).values(texts, map("texts.jsonl#{}".format, count(1)))
    ledger = "".join(str(cleaned.added["cleaner_ledger"]) for cleaned in made)
    theirs = (tmp_path / "ledger.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    assert ledger.splitlines(keepends=True) == theirs[:-1]  # the last row is about the file

    (tmp_path / "ours.jsonl").write_text(ledger + theirs[-1], encoding="utf-8")
    undone = cleaner_process("undo", "out.jsonl", "--ledger", "ours.jsonl", cwd=tmp_path)
    assert undone.stdout.decode() == rows


def test_the_settings_are_those_of_the_command_line(tmp_path: Path) -> None:
    toml = tmp_path / "cleaner.toml"
    toml.write_text('stages = ["repair", "noise"]\n[noise]\nkeep = ["related_links"]\nbudget = 5.0\n', encoding="utf-8")
    table = {"stages": ["repair", "noise"], "noise": {"keep": ["related_links"], "budget": 5}}
    expected = cleaned(dirty(), "--config", str(toml))
    for config in (toml, str(toml), table, CleanConfig.from_toml(toml)):
        assert [cleaned.text for cleaned in cleaning(config).values(dirty())] == expected
    assert expected != cleaned(dirty())


@pytest.mark.usefixtures("small_cached")
def test_a_poisonous_document_comes_back_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    texts = ["teh first", CRASH, "teh last"] * 100
    found = list(cleaning(add=ADDED).values(texts))
    assert [cleaned.text for cleaned in found[:3]] == ["the first", CRASH, "the last"]
    assert [cleaned.status for cleaned in found[:3]] == ["changed", "failed", "changed"]
    assert found[1].note == ("internal error, please report it: RuntimeError: a stage that has met what it cannot bear")
    assert found[1].added["cleaner_note"] == found[1].note
    assert found[1].added["cleaner_changes"] is None
    assert caplog.messages[0] == f"2: left as it is: {found[1].note}"
    assert caplog.messages[-1] == "100 texts in all are left as they are"
    assert len(caplog.messages) == 21


@pytest.mark.usefixtures("small_cached")
def test_what_is_no_text_passes_through_and_is_counted() -> None:
    class Strange:
        pass

    strange = Strange()
    values = ["teh", None, float("nan"), 7, strange, b"\x89PNG\r\n\x1a\n\0\0", b"caf\xe9 teh"]
    found = list(cleaning(add=["status", "note"]).values(values))
    assert [cleaned.status for cleaned in found] == ["changed", NO_TEXT, NO_TEXT, FAILED, FAILED, FAILED, "changed"]
    assert [a is b.text for a, b in zip(values, found, strict=True)] == [False, True, True, True, True, True, False]
    assert [cleaned.note for cleaned in found][3:6] == [
        "int, not a text", "Strange, not a text", "this is a PNG image, not text",
    ]  # fmt: skip
    assert found[-1].text == "caf\u00e9 the"


@pytest.mark.usefixtures("small_cached")
def test_bytes_are_decoded_and_their_mark_is_gone() -> None:
    (found,) = cleaning().values([b"\xef\xbb\xbfteh caf\xc3\xa9\r\n"])
    assert found.text == "the caf\u00e9\r\n"


@pytest.mark.usefixtures("small_cached")
def test_it_is_lazy() -> None:
    taken: list[int] = []

    def source() -> Iterator[str]:
        for number in range(5 * BATCH):
            taken.append(number)
            yield "teh"

    assert next(iter(cleaning().values(source()))).text == "the"
    assert len(taken) < 2 * BATCH


def test_a_wrong_field_says_which_fields_exist() -> None:
    with pytest.raises(CleanerError, match=r"^no field 'bdy'; did you mean 'body'\? \(fields: id, body\)$"):
        field_of("bdy", ["id", "body"], "field=...")
    with pytest.raises(CleanerError, match=r"name one with CLEANER_FIELD \(fields: id, teaser\)$"):
        field_of("", ["id", "teaser"], "CLEANER_FIELD")
    with pytest.raises(CleanerError, match="there is a field cleaner_changes already"):
        field_of("body", ["body", "cleaner_changes"], "field=...", ["cleaner_changes"])
    assert field_of("", ["id", "body"], "field=...") == "body"
    assert field_of("3", [1, 3], "field=...") == "3"


def test_a_wrong_setting_is_said_before_any_work() -> None:
    with pytest.raises(ConfigError, match="add: unknown value 'change'; did you mean 'changes'"):
        cleaning(add=["change"])
    with pytest.raises(ConfigError, match="give a list of names, not 'changes'"):
        cleaning(add="changes")
    with pytest.raises(CleanerError, match="share_bars"):
        cleaning({"noise": {"keep": ["share_bars"]}})
    with pytest.raises(ConfigError, match=r"nowhere\.toml: No such file"):
        cleaning("nowhere.toml")


def test_it_travels_to_other_processes_without_its_models() -> None:
    sent = cleaning({"noise": {"budget": 5}}, add=["changes"])
    list(sent.values(["One line"]))
    packed = pickle.dumps(sent)
    assert len(packed) < 2000
    assert pickle.loads(packed) == sent


def test_models_are_loaded_once() -> None:
    assert cached_cleaner(cleaning().config) is cached_cleaner(cleaning(CleanConfig()).config)


def test_a_missing_package_names_its_extra() -> None:
    assert str(missing("polars", "polars")) == 'needs the package polars; pip install "article-cleaner[polars]"'


@pytest.mark.parametrize(
    ("module", "package"),
    [*((name, name) for name in ("scrapy", "datatrove", "pandas", "polars", "datasets")), ("ray", "pyarrow")],
)
def test_without_its_package_an_integration_says_what_to_install(module: str, package: str) -> None:
    code = f"""
import sys
sys.modules[{package!r}] = None
import cleaner.integrations.{module}
from cleaner.errors import CleanerError
"""
    process = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    wanted = f'needs the package {package}; pip install "article-cleaner[{module}]"'
    assert process.stderr.splitlines()[-1:] == [f"cleaner.errors.MissingPackageError: {wanted}"]


def test_the_package_loads_none_of_the_tools() -> None:
    code = "import sys, cleaner, cleaner.integrations; print(*sorted(name.partition('.')[0] for name in sys.modules))"
    process = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    tools = {"scrapy", "twisted", "datatrove", "pandas", "polars", "datasets", "sklearn", "ray", "pyspark", "pyarrow"}
    assert not tools & set(process.stdout.split())


def test_a_value_that_was_not_cleaned_has_an_empty_tally() -> None:
    (found,) = cleaning().values([None])
    assert isinstance(found, Cleaned)
    assert found.tally.stages.total() == 0
    assert logging.getLogger("cleaner").handlers == []


# Texts that are given in paragraphs -----------------------------------------------------------------------------------


def in_paragraphs(*values: Any, add: Sequence[str] = (), **table: Any) -> list[Cleaned]:
    """What becomes of values among which lists are texts."""
    made = cleaning({"max_removed": 1.0, **table}, add)
    return [cleaned for _, cleaned in made.rows(values, lambda value: Value(value, "page", in_paragraphs=True))]


def test_paragraphs_are_judged_together_and_stay_apart() -> None:
    lists = [text.split("\n") for text in dirty()]
    found = in_paragraphs(*lists, max_removed=CleanConfig().max_removed)
    together = cleaned(dirty())
    for before, after, whole in zip(lists, found, together, strict=True):
        assert isinstance(after.text, list)
        assert "".join(after.text) == whole.replace("\n", "") or not "".join(before).isprintable()
        assert [part for part in after.text if part.strip()] == [line for line in whole.split("\n") if line.strip()]
    alone = cleaned([line for lines in lists for line in lines][:300])
    assert sum(a != b for a, b in zip(alone, [line for lines in lists for line in lines], strict=False)) > 20
    assert any(len(after.text) < len(before) for before, after in zip(lists, found, strict=True))


@pytest.mark.usefixtures("small_cached")
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["One.", "Buy SPAM", "Three."], ["One.", "Three."]),
        (["Buy SPAM", "Two.", "Buy SPAM"], ["Two."]),
        (["One.", "teh\n two", "a &amp; b"], ["One.", "the\n two", "a & b"]),
        (["One.\nBuy SPAM", "Three."], ["One.", "Three."]),
        (["One.", "Buy SPAM\nThree."], ["One.", "Three."]),
        (["\n One.\n", "\n Buy SPAM\n", "\n Three.\n"], ["\n One.\n", "\n Three.\n"]),
        (["Buy SPAM", "Buy SPAM"], []),
        (["One.", "", " \n"], ["One.", "", " \n"]),
        (["teh", "", "Buy SPAM", " ", "teh"], ["the", "", " ", "the"]),
        (["teh"], ["the"]),
        ([""], [""]),
        ([], []),
    ],
)
def test_what_becomes_of_each_paragraph(before: list[str], after: list[str]) -> None:
    as_list, as_tuple = in_paragraphs(before, tuple(before))
    assert (as_list.text, as_tuple.text) == (after, tuple(after))
    assert as_list.status == as_tuple.status == ("changed" if before != after else "unchanged")


@pytest.mark.usefixtures("small_cached")
@given(st.lists(st.lists(st.sampled_from(["", " ", "teh", "a &amp; b", "Buy SPAM"]), min_size=1, max_size=4)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_paragraph_keeps_its_lines(paragraphs: list[list[str]]) -> None:
    (found,) = in_paragraphs(["\n".join(lines) for lines in paragraphs])
    clean = {"teh": "the", "a &amp; b": "a & b"}
    kept = [[clean[line] for line in lines if line in clean] for lines in paragraphs]
    left = [[line for line in part.split("\n") if line.strip()] for part in found.text]
    assert [lines for lines in left if lines] == [lines for lines in kept if lines]


@pytest.mark.parametrize(
    ("source", "joins", "edits", "text", "places"),
    [
        ("one\ntwo", (3,), (), "one\ntwo", (3,)),
        ("one\nteh\nend", (3, 7), ((0, 3, "first"), (4, 7, "the")), "first\nthe\nend", (5, 9)),
        ("a\nB\nc", (3,), ((2, 4, ""),), "a\nc", (1,)),  # the line end behind went, the one before is there
        ("a\nB\nc", (1,), ((1, 3, ""),), "a\nc", (1,)),  # and the other way round
        ("a\nB\nc", (1, 3), ((1, 3, ""),), "a\nc", (None, 1)),
        ("a\nB\nc", (1,), ((1, 2, " "), (2, 4, "")), "a c", (None,)),
        ("q\nN\nM\nr", (1, 5), ((1, 3, ""), (4, 6, "")), "q\nr", (1, None)),  # one cannot stand in for two
        ("a\n\nb", (1,), ((0, 2, "z"),), "z\nb", (None,)),
        ("a\nb", (1,), ((1, 1, ","),), "a,\nb", (2,)),
    ],
)
def test_line_ends_are_found_again(
    source: str, joins: tuple[int, ...], edits: tuple[tuple[int, int, str], ...], text: str, places: tuple[int | None]
) -> None:
    applied = tuple(Edit(start, end, new, "noise", "rule") for start, end, new in edits)
    assert apply(source, applied) == text
    assert _followed(CleanResult(decode(source), text, (Step("noise", applied),)), joins) == places


def test_a_word_torn_between_two_paragraphs_makes_them_one() -> None:
    before = ["The council had asked for another year, but the ships are old and the re-", "pairs are dear."]
    (found,) = in_paragraphs(before)
    assert found.text == ["The council had asked for another year, but the ships are old and the repairs are dear."]


@pytest.mark.usefixtures("small_cached")
def test_a_list_of_other_things_passes_through() -> None:
    values = [["teh", 5], [None], ["teh", ["teh"]], {"teh": 1}]
    found = in_paragraphs(*values)
    assert [cleaned.status for cleaned in found] == [FAILED] * 4
    assert all(cleaned.text is value for cleaned, value in zip(found, values, strict=True))
    assert found[0].note == "list with int in it, not a list of texts"
    (plain,) = cleaning().values([["teh"]])
    assert (plain.status, plain.text, plain.note) == (FAILED, ["teh"], "list, not a text")


@pytest.mark.usefixtures("small_cached")
def test_the_ledger_is_of_the_paragraphs_as_lines() -> None:
    before = ["One.", "Buy SPAM\nteh", "Three."]
    (found,) = in_paragraphs(before, add=["ledger", "source"])
    document, *rows = map(json.loads, str(found.added["cleaner_ledger"]).splitlines())
    assert document["source_sha256"] == sha256("\n".join(before).encode()).hexdigest()
    assert document["cleaned_sha256"] == sha256("\n".join(found.text).encode()).hexdigest()
    assert found.added["cleaner_source"] == "\n".join(before)
    assert len(rows) == 2


def test_each_text_gets_the_rules_of_its_site(tmp_path: Path) -> None:
    (tmp_path / "courier.example.toml").write_text('remove = ["The Courier, a paper since {number}."]\n')
    text = "It was six. The end.\nThe Courier, a paper since 1884.\nNobody was hurt, she said."
    asked = cleaning({"sites": str(tmp_path)})
    urls = ["https://www.courier.example/1", "https://other.example/2", None]
    found = [cleaned.text != text for cleaned in asked.values([text] * 3, urls=urls)]
    assert found == [True, False, False]
    found = [
        cleaned.text != text for cleaned in asked.values([text] * 3, sites=["other.example", None, "Courier.example"])
    ]
    assert found == [False, False, True]
