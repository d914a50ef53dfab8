"""Labelled documents: the format of `training_data/`, reading, checking and writing it.

One JSON object a line:

    {"id", "text", "source", "license", "site", "spans": [{"start", "end", "label", "quote"}],
     "keeps": [{"start", "end", "quote"}], "typos": [{"start", "end", "correction", "quote"}]}

Offsets are code points, half-open; `quote` equals the slice. `spans` are noise (or labelled text that stays, see
`labels.toml`), `keeps` are look-alikes: true text that resembles noise. Nobody counts offsets by hand: write *marked
text* and convert it with `cleaner labels import`:

    === id: harbour-01 | site: courier.example | topic: labour | voice: local paper
    The strike ends today.⟦keyword_spam: cheap ferry tickets⟧ ⟦keep: Not a moment too soon.⟧ It was ⟦typo=long: logn⟧.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from cleaner.edits import Span
from cleaner.errors import DataError
from cleaner.policy import labels


@dataclass(frozen=True, slots=True)
class Labelled:
    """A span with a label; for a typo the label is its correction, for a look-alike "keep"."""

    start: int
    end: int
    label: str

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Document:
    """One labelled document.

    Attributes:
        group: what must not stand on both sides of a split (a site, a topic, a template).
        detail: kind and sort of each span, where the source gives them; same length as `spans`, or empty.
    """

    id: str
    text: str
    spans: tuple[Labelled, ...] = ()
    keeps: tuple[Labelled, ...] = ()
    typos: tuple[Labelled, ...] = ()
    source: str = "own"
    license: str = "Apache-2.0"
    site: str = ""
    group: str = ""
    detail: tuple[str, ...] = field(default=())


def read_documents(path: Path) -> Iterator[Document]:
    """The documents of a JSON Lines file, checked.

    Raises:
        DataError: a line is no JSON, lacks a field, has a span whose quote is not the slice, or an unknown label.
    """
    with path.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                yield document_from(_object(json.loads(line)))
            except (ValueError, KeyError, TypeError, DataError) as error:
                reason = f"the field {error} is missing" if isinstance(error, KeyError) else str(error)
                raise DataError(f"{path}:{number}: {reason}") from error


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DataError("not a JSON object")
    return value


def document_from(record: dict[str, Any]) -> Document:
    """A document from its JSON object."""
    text = record["text"]
    spans = tuple(_labelled(text, row, row["label"]) for row in record["spans"])
    for span in spans:
        if span.label not in labels():
            raise DataError(f"unknown label '{span.label}'; labels: {', '.join(labels())}")
    for left, right in pairwise(spans):
        if right.start < left.end:
            raise DataError(f"the spans at {left.start} and {right.start} overlap or are not in order")
    return Document(
        id=record["id"],
        text=text,
        spans=spans,
        keeps=tuple(_labelled(text, row, "keep") for row in record.get("keeps", ())),
        typos=tuple(_labelled(text, row, row["correction"]) for row in record.get("typos", ())),
        source=record.get("source", "own"),
        license=record.get("license", ""),
        site=record.get("site", ""),
        group=record.get("group", record.get("site", "")),
        detail=tuple(f"{row['kind']}:{row.get('sub', '')}" for row in record["spans"] if "kind" in row),
    )


def _labelled(text: str, row: dict[str, Any], label: str) -> Labelled:
    start, end = row["start"], row["end"]
    if "quote" in row and text[start:end] != row["quote"]:
        raise DataError(f"the quote {row['quote']!r} is not the text at {start}-{end}, {text[start:end]!r}")
    if not 0 <= start < end <= len(text):
        raise DataError(f"the span {start}-{end} is empty or outside the text of {len(text)} characters")
    return Labelled(start, end, label)


def to_record(document: Document) -> dict[str, Any]:
    """The JSON object of a document."""
    text = document.text

    def rows(spans: tuple[Labelled, ...], name: str) -> list[dict[str, Any]]:
        return [
            {"start": s.start, "end": s.end, **({name: s.label} if name else {}), "quote": text[s.start : s.end]}
            for s in spans
        ]

    return {
        "id": document.id,
        "text": text,
        "source": document.source,
        "license": document.license,
        "site": document.site,
        "spans": rows(document.spans, "label"),
        "keeps": rows(document.keeps, ""),
        "typos": rows(document.typos, "correction"),
    }


def write_documents(path: Path, documents: Iterable[Document]) -> int:
    """Write documents as JSON Lines; returns how many."""
    lines = [json.dumps(to_record(document), ensure_ascii=False) + "\n" for document in documents]
    path.write_text("".join(lines), encoding="utf-8")
    return len(lines)


_HEAD = re.compile(r"^=== (.+)$", re.MULTILINE)
_MARK = re.compile(r"⟦([a-z_]+)(?:=([^:⟧]*))?: ([^⟦⟧]*)⟧")


def parse_marked(marked: str, path: str = "<text>") -> list[Document]:
    """The documents of a file of marked text (see the top of this module).

    Raises:
        DataError: a broken header or mark, or an unknown label; the message names `path` and line.
    """
    parts = _HEAD.split(marked)
    if parts[0].strip():
        raise DataError(f"{path}:1: a file of marked text begins with a header, '=== id: NAME | site: ...'")
    documents, line = [], 1 + parts[0].count("\n")
    for head, body in zip(parts[1::2], parts[2::2], strict=True):
        try:
            documents.append(_parse_one(head, body.strip("\n")))
        except DataError as error:
            raise DataError(f"{path}:{line}: {error}") from error
        line += body.count("\n")
    return documents


def _parse_one(head: str, body: str) -> Document:
    meta = dict(part.strip().partition(": ")[::2] for part in head.split("|"))
    if not meta.get("id"):
        raise DataError("the header has no id")
    pieces: list[str] = []
    marks: dict[str, list[Labelled]] = {"spans": [], "keeps": [], "typos": []}
    last = length = 0
    for match in _MARK.finditer(body):
        label, correction, quote = match.groups()
        kind = {"keep": "keeps", "typo": "typos"}.get(label, "spans")
        if kind == "spans" and label not in labels():
            raise DataError(f"unknown label '{label}' in {match.group()!r}")
        before = body[last : match.start()]
        start = length + len(before)
        marks[kind].append(Labelled(start, start + len(quote), {"keeps": "keep", "typos": correction}.get(kind, label)))
        pieces += (before, quote)
        length = start + len(quote)
        last = match.end()
    text = "".join([*pieces, body[last:]])
    if "⟦" in text or "⟧" in text:
        raise DataError(f"document '{meta['id']}': a mark is broken")
    site = meta.get("site", "")
    return Document(
        meta["id"],
        text,
        tuple(marks["spans"]),
        tuple(marks["keeps"]),
        tuple(marks["typos"]),
        site=site,
        group=site or meta["id"],
    )
