"""Labelled documents: read, checked, written, and made from marked text; and the policy that their labels come from."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from cleaner.config import NoiseConfig
from cleaner.dataset import (
    Document,
    Labelled,
    document_from,
    parse_marked,
    read_documents,
    to_record,
    write_documents,
)
from cleaner.errors import ConfigError, DataError
from cleaner.policy import FLAG, KEEP, REMOVE, actions, labels, noise_labels

RECORD: dict[str, Any] = {
    "id": "pier-01",
    "text": "The pier is shut. cheap tickets It was logn.",
    "source": "own",
    "license": "Apache-2.0",
    "site": "pier.example",
    "spans": [{"start": 18, "end": 31, "label": "keyword_spam", "quote": "cheap tickets"}],
    "keeps": [{"start": 0, "end": 17, "quote": "The pier is shut."}],
    "typos": [{"start": 39, "end": 43, "correction": "long", "quote": "logn"}],
}


def test_a_record_and_back() -> None:
    document = document_from(RECORD)
    assert document.spans == (Labelled(18, 31, "keyword_spam"),)
    assert document.keeps == (Labelled(0, 17, "keep"),)
    assert document.typos == (Labelled(39, 43, "long"),)
    assert document.group == "pier.example"
    assert to_record(document) == RECORD


def changed(**values: Any) -> dict[str, Any]:
    return {**RECORD, **values}


def one_span(**values: Any) -> dict[str, Any]:
    return changed(spans=[{**RECORD["spans"][0], **values}])


BROKEN = {
    "no text": ({k: v for k, v in RECORD.items() if k != "text"}, "the field 'text' is missing"),
    "no spans": ({k: v for k, v in RECORD.items() if k != "spans"}, "the field 'spans' is missing"),
    "a quote that is not the slice": (one_span(quote="cheap ticket"), "quote 'cheap ticket' is not the text at 18-31"),
    "an offset that is wrong": (one_span(start=17), "is not the text at 17-31, ' cheap tickets'"),
    "an unknown label": (one_span(label="gossip"), "unknown label 'gossip'; labels: keyword_spam"),
    "an empty span": (one_span(start=18, end=18, quote=""), "the span 18-18 is empty"),
    "a span outside": (changed(spans=[{"start": 40, "end": 99, "label": "advert"}]), "outside the text of 44"),
    "a span before the text": (changed(spans=[{"start": -4, "end": 3, "label": "advert"}]), "-4-3 is empty or outside"),
    "no label": (changed(spans=[{"start": 0, "end": 3}]), "the field 'label' is missing"),
    "overlapping spans": (changed(spans=[{"start": 0, "end": 9, "label": "advert"}] * 2), "0 and 0 overlap"),
    "an offset that is no number": (one_span(start="18"), "slice indices|not supported"),
    "a list": ([], "not a JSON object"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_an_error_names_file_and_line(name: str, tmp_path: Path) -> None:
    record, message = BROKEN[name]
    path = tmp_path / "pier.jsonl"
    path.write_text(f"{json.dumps(RECORD)}\n\n{json.dumps(record)}\n", encoding="utf-8")
    with pytest.raises(DataError, match=rf"pier\.jsonl:3: .*(?:{message})"):
        list(read_documents(path))


def test_a_line_that_is_no_json(tmp_path: Path) -> None:
    (tmp_path / "pier.jsonl").write_text("{'id': 1}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"pier\.jsonl:1: "):
        list(read_documents(tmp_path / "pier.jsonl"))


def test_documents_are_written_as_they_are_read(tmp_path: Path) -> None:
    other = changed(id="pier-02", text="😀 Übergang", spans=[], keeps=[], typos=[])
    documents = [document_from(RECORD), document_from(other)]
    assert write_documents(tmp_path / "a.jsonl", documents) == 2
    assert list(read_documents(tmp_path / "a.jsonl")) == documents


# Marked text ----------------------------------------------------------------------------------------------------------

MARKED = """
=== id: harbour-01 | site: courier.example | topic: labour | voice: local paper
The strike ends today.⟦keyword_spam: cheap ferry tickets⟧ ⟦keep: Not a moment too soon.⟧ It was ⟦typo=long: logn⟧.

Share of it: none.
=== id: harbour-02
⟦share_bar: Share on Facebook
Share on Twitter⟧
Done.
"""


def test_marked_text() -> None:
    one, two = parse_marked(MARKED)
    assert one.text.startswith("The strike ends today.cheap ferry tickets Not a moment too soon. It was logn.\n\nShare")
    assert [one.text[s.start : s.end] for s in (*one.spans, *one.keeps, *one.typos)] == [
        "cheap ferry tickets", "Not a moment too soon.", "logn",
    ]  # fmt: skip
    assert [s.label for s in (*one.spans, *one.keeps, *one.typos)] == ["keyword_spam", "keep", "long"]
    assert (one.id, one.site, one.group) == ("harbour-01", "courier.example", "courier.example")
    assert two.text == "Share on Facebook\nShare on Twitter\nDone."
    assert two.group == "harbour-02"


def marked(document: Document) -> str:
    """Marked text of a document."""
    head = f"=== id: {document.id} | site: {document.site}\n"
    marks = [(s, f"{s.label}: ") for s in document.spans] + [(s, "keep: ") for s in document.keeps]
    marks += [(s, f"typo={s.label}: ") for s in document.typos]
    text = document.text
    for span, name in sorted(marks, key=lambda mark: -mark[0].start):
        text = f"{text[: span.start]}⟦{name}{text[span.start : span.end]}⟧{text[span.end :]}"
    return head + text + "\n"


def disjoint(document: Document) -> bool:
    spans = sorted((*document.spans, *document.keeps, *document.typos), key=lambda s: s.start)
    return all(a.end <= b.start for a, b in pairwise(spans))


def test_our_own_documents_survive_the_round_trip() -> None:
    documents = [d for d in read_documents(ROOT / "training_data" / "genres.jsonl") if disjoint(d)]
    assert len(documents) > 20
    for document in documents:
        (again,) = parse_marked(marked(document))
        assert again.text == document.text.strip("\n")
        if again.text == document.text:
            assert again == replace(document, source="own", license="Apache-2.0")


QUOTE = st.text(st.sampled_from("abc é😀.,:=|\n"), min_size=1, max_size=12)


@given(st.lists(st.tuples(st.sampled_from(["keep", "advert", "typo=long"]), QUOTE, QUOTE), min_size=1, max_size=6))
def test_marks_are_found_wherever_they_stand(pieces: list[tuple[str, str, str]]) -> None:
    body = "x" + "".join(f"{between}⟦{name}: {quote}⟧" for name, quote, between in pieces) + "x"
    (document,) = parse_marked("=== id: a\n" + body)
    assert document.text == "x" + "".join(between + quote for _, quote, between in pieces) + "x"
    found = sorted((*document.spans, *document.keeps, *document.typos), key=lambda s: s.start)
    assert [document.text[s.start : s.end] for s in found] == [quote for _, quote, _ in pieces]
    assert [s.label for s in found] == [name.removeprefix("typo=") for name, _, _ in pieces]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no header\n=== id: a\n", r"pier\.txt:1: .*begins with a header"),
        ("=== site: a\ntext", r"pier\.txt:1: the header has no id"),
        ("=== id: a\nfine\n=== id: b\n⟦gossip: x⟧", r"pier\.txt:3: unknown label 'gossip'"),
        ("\n=== id: a\n⟦advert: x", r"pier\.txt:2: document 'a': a mark is broken"),
        ("=== id: a\nx⟧", r"a mark is broken"),
        ("=== id: a\n⟦advert x⟧", r"a mark is broken"),
    ],
)
def test_broken_marks(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        parse_marked(text, "pier.txt")


# Our own set ----------------------------------------------------------------------------------------------------------

OWN = [
    document
    for path in sorted((ROOT / "training_data").glob("*.jsonl"))
    if not path.name.startswith(("repair", "typo"))
    for document in read_documents(path)
]


def test_our_own_set_is_large_and_its_ids_are_its_own() -> None:
    assert len(OWN) >= 150
    assert sum(len(document.spans) for document in OWN) >= 1500
    assert sum(len(document.keeps) for document in OWN) >= 500
    assert len({document.id for document in OWN}) == len(OWN)
    assert all(document.site for document in OWN)


def test_every_noise_label_has_examples_in_our_own_set() -> None:
    assert {span.label for document in OWN for span in document.spans} >= set(noise_labels())


# The policy -----------------------------------------------------------------------------------------------------------


def test_the_policy() -> None:
    every = labels()
    assert {label.action for label in every.values()} == {REMOVE, FLAG, KEEP}
    for name, label in every.items():
        assert re.fullmatch("[a-z_]+", name)
        assert label.definition.endswith(".")
        assert len(label.examples) == 2
    assert [name for name, label in every.items() if label.action == FLAG] == ["off_topic"]
    assert set(every) - set(noise_labels()) == {"caption", "editor_note", "embedded_post"}


def test_the_policy_cannot_be_changed_by_accident() -> None:
    with pytest.raises(TypeError):
        labels()["gossip"] = labels()["advert"]  # type: ignore[index]


def test_the_users_wish_comes_first() -> None:
    chosen = actions(NoiseConfig(remove=("off_topic", "caption"), keep=("advert",)))
    default = actions(NoiseConfig())
    assert (chosen["off_topic"], chosen["caption"], chosen["advert"]) == (REMOVE, REMOVE, KEEP)
    assert {name for name in default if default[name] != chosen[name]} == {"off_topic", "caption", "advert"}


def test_an_unknown_label_names_the_nearest_one() -> None:
    with pytest.raises(ConfigError, match="unknown label 'photo_credits'; did you mean 'photo_credit'"):
        actions(NoiseConfig(keep=("photo_credits",)))
