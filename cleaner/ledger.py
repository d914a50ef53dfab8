"""The ledger: JSON Lines that say everything that was done, and with which the source comes back byte for byte.

One record for each document, then one for each of its changes, then one for each proposal that was not carried out;
behind the documents of a file of records, one for the file:

    {"type": "document", "doc", "source_sha256", "cleaned_sha256", "encoding", "bom", "undecodable", "legacy",
     "cleaner", "models"}
    {"type": "change", "doc", "start", "end", "before", "after", "stage", "label", "rule", "reason", "score", "applied"}
    {"type": "file", "doc", "format", "field", "added", "documents", "rejected", "source_sha256", "cleaned_sha256"}

Offsets are code points in the decoded source, half-open, and `before` is that slice. There are no time stamps: the same
input gives the same ledger. The fields are described in docs/ledger.md.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any, Protocol, TypeVar

from cleaner.config import CleanConfig
from cleaner.decode import Decoded, encode
from cleaner.edits import Change, Span, apply
from cleaner.errors import CleanerError, LedgerError
from cleaner.formats import Record, decoded_output, encoded, why
from cleaner.resources import resolve
from cleaner.result import CleanResult, change_record


def records(
    result: CleanResult, doc: str, source: bytes, version: str, models: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """The records of one document.

    Args:
        result: what cleaning gave.
        doc: name of the document; "-" for standard input.
        source: the bytes that were cleaned.
        version: of `cleaner`.
        models: the model that each stage used.
    """
    decoded = result.decoded
    yield {
        "type": "document",
        "doc": doc,
        "source_sha256": sha256(source).hexdigest(),
        "cleaned_sha256": sha256(encoded(result)).hexdigest(),
        "encoding": decoded.encoding,
        "bom": decoded.bom,
        "undecodable": [[offset, raw.hex()] for offset, raw in decoded.undecodable],
        "legacy": [[span.start, span.end] for span in decoded.legacy],
        "cleaner": version,
        "models": dict(models),
    }
    for change in result.changes:
        yield {"type": "change", "doc": doc, **change_record(decoded.text, change), "applied": True}
    for span, edit in result.withheld:
        proposed = Change(span.start, span.end, edit.replacement, (edit,))
        yield {"type": "change", "doc": doc, **change_record(decoded.text, proposed), "applied": False}


def model_names(config: CleanConfig) -> dict[str, str]:
    """The model directory that each stage of `config` uses, by stage."""
    asked = {"noise": config.noise.model, "typos": "typos"}
    names = {}
    for stage, name in asked.items():
        if stage in config.stages:
            try:
                names[stage] = resolve(name).resolve().name
            except CleanerError:
                continue  # a stage that does without a model
    return names


def rejected_row(doc: str, record: Record, error: str) -> bytes:
    """The row of a broken record that was put aside: `undo` puts it back."""
    raw = record.raw.decode("utf-8", "surrogateescape")
    return line({"type": "rejected", "doc": f"{doc}#{record.number}", "raw": raw, "reason": error})


def file_row(facts: Mapping[str, Any]) -> bytes:
    """The row of a file of records, behind those of its documents."""
    return line({"type": "file", **facts})


def line(record: Mapping[str, Any]) -> bytes:
    """A record as a line of JSON in UTF-8."""
    try:
        return (json.dumps(record, ensure_ascii=False) + "\n").encode()
    except UnicodeEncodeError:  # half a surrogate pair, in a text or in a file name
        return (json.dumps(record) + "\n").encode()


class LedgerFile:
    """A ledger that is being written.

    Args:
        path: the ledger.
        go_on: keep the documents that the ledger already has (one that was being written when the process was killed
            is cut off: its file has not been written).
        in_place: for work in place: change a file only after `to_disk`.

    Raises:
        LedgerError: the file cannot be written, or there is a file of this name that is no ledger.
    """

    def __init__(self, path: Path, go_on: bool = False, in_place: bool = False) -> None:
        self.path = path
        self._in_place = in_place
        try:
            end = _end_of_ledger(path)
            self._stream = path.open("r+b" if go_on and end else "wb", buffering=0)
            if go_on and end:
                self._stream.truncate(end)
                self._stream.seek(end)
        except OSError as error:
            raise self._failed(error) from error

    def add(self, rows: bytes) -> None:
        """Write the records of a document, or of several."""
        rest = memoryview(rows)
        try:
            while rest:
                rest = rest[self._stream.write(rest) :]
        except OSError as error:
            raise self._failed(error) from error

    def to_disk(self) -> None:
        """Return when all that was written is on the disk, where the ledger is for work in place."""
        if self._in_place and self.path.is_file():  # not a pipe, nor a device
            try:
                os.fsync(self._stream.fileno())
            except OSError as error:
                raise self._failed(error) from error

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def _failed(self, error: OSError) -> LedgerError:
        return LedgerError(f"{self.path}: the ledger cannot be written: {why(error)}")


_BEGINNINGS = tuple(f'{{"type": "{kind}"'.encode() for kind in ("document", "rejected", "file"))


def _end_of_ledger(path: Path) -> int:
    """Where the last whole line of a ledger ends; 0 if there is none, or no file."""
    if not path.is_file():
        return 0
    with path.open("rb") as stream:
        start = stream.readline()
        if start and not start.startswith(_BEGINNINGS):
            raise LedgerError(f"{path}: exists and is no ledger; give another name to --ledger")
        return sum(len(row) for row in chain((start,), stream) if row.endswith(b"\n"))


@dataclass(frozen=True, slots=True)
class Applied:
    """One change that was carried out: `before` stood at `start` in the source, `after` stands there now."""

    start: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a ledger says of one document: its record, and what was done to it."""

    record: Mapping[str, Any]
    applied: tuple[Applied, ...]

    @property
    def doc(self) -> str:
        return str(self.record["doc"])

    @property
    def changed(self) -> bool:
        """Whether the cleaned bytes are others than those of the source."""
        return bool(self.record["source_sha256"] != self.record["cleaned_sha256"])


_DOCUMENT = {
    "doc": str,
    "source_sha256": str,
    "cleaned_sha256": str,
    "encoding": str,
    "bom": bool,
    "undecodable": list,
    "legacy": list,
}
_CHANGE = {"start": int, "end": int, "before": str, "after": str, "applied": bool}


@dataclass(frozen=True, slots=True)
class Rejected:
    """A broken record that was put aside, as it stood in its file."""

    doc: str
    raw: bytes


_FILE = {"doc": str, "format": str, "field": str, "added": list, "documents": int, "rejected": int}
_FILE |= {"source_sha256": str, "cleaned_sha256": str}


def read_entries(path: Path) -> Iterator[Entry]:
    """The documents of a ledger, one after the other.

    Raises:
        LedgerError: the file cannot be read, or a line is no record of a ledger; the message names file and line.
    """
    return (row for row in read_rows(path) if isinstance(row, Entry))


def read_rows(path: Path) -> Iterator[Entry | Rejected | dict[str, Any]]:
    """The same, with the broken records that were put aside, and the rows of files of records as dictionaries."""
    document: dict[str, Any] | None = None
    applied: list[Applied] = []
    for number, record in _read(path):
        try:
            kind = record.get("type")
            if kind == "change" and document is not None:
                applied += _applied(_checked(record, _CHANGE))
                continue
            if document is not None:
                yield Entry(document, tuple(applied))
            document, applied = None, []
            if kind == "document":
                document = _checked(record, _DOCUMENT)
            elif kind == "rejected":
                checked = _checked(record, {"doc": str, "raw": str})
                yield Rejected(checked["doc"], checked["raw"].encode("utf-8", "surrogateescape"))
            elif kind == "file":
                yield _checked(record, _FILE)
            else:
                raise LedgerError("neither a document nor a change of one; this is no whole ledger of cleaner")
        except (LedgerError, UnicodeEncodeError) as error:
            raise LedgerError(f"{path}:{number}: {error}") from error
    if document is not None:
        yield Entry(document, tuple(applied))


def _read(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open("rb") as stream:
            for number, row in enumerate(stream, 1):
                try:
                    record = json.loads(row)
                except ValueError as error:
                    raise LedgerError(f"{path}:{number}: not a line of JSON ({error})") from error
                if not isinstance(record, dict):
                    raise LedgerError(f"{path}:{number}: not a JSON object")
                yield number, record
    except OSError as error:
        raise LedgerError(f"{path}: {why(error)}") from error


def _checked(record: dict[str, Any], fields: Mapping[str, type]) -> dict[str, Any]:
    for name, kind in fields.items():
        if name not in record:
            raise LedgerError(f"the field '{name}' is missing")
        if type(record[name]) is not kind:
            raise LedgerError(f"the field '{name}' must be of type {kind.__name__}, not {record[name]!r}")
    return record


def _applied(record: Mapping[str, Any]) -> list[Applied]:
    if record["end"] - record["start"] != len(record["before"]):
        raise LedgerError(f"'before' is not {record['start']} to {record['end']} of anything")
    return [Applied(record["start"], record["before"], record["after"])] if record["applied"] else []


def find_entry(entries: Iterable[Entry], cleaned: bytes, name: str, doc: str = "") -> Entry:
    """The entry that belongs to a cleaned document.

    Args:
        entries: of a ledger.
        cleaned: the cleaned bytes; only an entry with their digest belongs to them.
        name: what the cleaned file is called now: decides where several sources came out the same.
        doc: the name of the document in the ledger, if the user has given it.

    Raises:
        LedgerError: none belongs to it, or it cannot be told which.
    """
    digest = sha256(cleaned).hexdigest()
    known, fitting = False, {}
    for entry in entries:
        if doc and entry.doc != doc:
            continue
        known = known or same_name(entry.doc, doc or name)
        if entry.record["cleaned_sha256"] == digest:
            fitting[entry.doc, entry.changed] = entry  # of one document's entries, the last
    if not fitting:
        hint = "it was changed after cleaning" if known else "the ledger knows no document with its digest"
        raise LedgerError(f"{name}: does not belong to this ledger: {hint}")
    found = list(fitting.values())
    for chosen in (
        [e for e in found if e.doc == name],
        closest(found, name),
        [e for e in found if same_name(e.doc, name)],
        found,
    ):
        changed = [entry for entry in chosen if entry.changed] or chosen
        if len({entry.record["source_sha256"] for entry in changed}) == 1:
            return changed[0]
    names = ", ".join(entry.doc for entry in [entry for entry in found if entry.changed] or found)
    raise LedgerError(f"{name}: several documents came out like this one; name its source with --doc ({names})")


class Named(Protocol):
    """A row of a ledger that names its document."""

    @property
    def doc(self) -> str: ...


AnyNamed = TypeVar("AnyNamed", bound=Named)


def closest(rows: Iterable[AnyNamed], name: str) -> list[AnyNamed]:
    """Those whose path ends with that of a file, its folders included, with the fewest folders before it: of in/a.txt
    and in/x/a.txt the former is closest to a.txt."""
    parts = Path(name).parts
    ending = [row for row in rows if Path(row.doc).parts[-len(parts) :] == parts]
    fewest = min((len(Path(row.doc).parts) for row in ending), default=0)
    return [row for row in ending if len(Path(row.doc).parts) == fewest]


def same_name(doc: str, name: str) -> bool:
    """Whether a document and a file have the same name, whatever their folders."""
    return Path(name).name == Path(doc).name


def undo(cleaned: bytes, entry: Entry) -> bytes:
    """The exact source bytes of a cleaned document.

    Raises:
        LedgerError: `cleaned` is not what the entry was written for, or the entry is damaged.
    """
    if sha256(cleaned).hexdigest() != entry.record["cleaned_sha256"]:
        raise LedgerError(f"{entry.doc}: the digest of the cleaned text is not that of the ledger")
    try:
        source = encode(source_of(decoded_output(cleaned, entry.record["bom"], entry.record["encoding"]), entry))
    except (ValueError, LookupError, TypeError) as error:  # an edited ledger can hold anything
        raise LedgerError(f"{entry.doc}: its records are damaged ({error})") from error
    if sha256(source).hexdigest() != entry.record["source_sha256"]:
        raise LedgerError(f"{entry.doc}: its records are damaged: they do not lead back to the source")
    return source


def source_of(cleaned: str, entry: Entry) -> Decoded:
    """The decoded source of a cleaned text; ValueError where the entry's changes do not fit."""
    inverse, shift = [], 0
    for change in entry.applied:
        start = change.start + shift
        end = start + len(change.after)
        if cleaned[start:end] != change.after:
            raise ValueError(f"the text at {start} is not {change.after!r}")
        inverse.append(Change(start, end, change.before))
        shift += len(change.after) - len(change.before)
    record = entry.record
    return Decoded(
        apply(cleaned, inverse),
        record["encoding"],
        "ledger",
        undecodable=tuple((offset, bytes.fromhex(raw)) for offset, raw in record["undecodable"]),
        bom=record["bom"],
        legacy=tuple(Span(start, end) for start, end in record["legacy"]),
    )
