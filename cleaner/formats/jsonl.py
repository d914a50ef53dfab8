"""JSON Lines: one object a line. Only the text of one field is replaced; every other byte of the line stays.

So key order, spelling of numbers, NaN, duplicate keys and unknown fields come through as they are. Of duplicate keys
the last one counts, as for every JSON reader.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from json.decoder import (  # type: ignore[attr-defined]  # not in the stubs: the scanner of strings, in C
    JSONDecodeError,
    JSONDecoder,
    scanstring,
)
from typing import Any, BinaryIO, ClassVar

from cleaner.errors import CleanerError
from cleaner.formats.disk import Writable
from cleaner.formats.records import Lines, Record, no_field, not_utf8, numbered_lines, refuse_taken, usual_field
from cleaner.sites.address import site_name

FIRST = 100
"""Records at the start of a file of which one must have the field."""

_SCAN = JSONDecoder(strict=False).scan_once  # type: ignore[attr-defined]
_BLANK = re.compile(r"[ \t\n\r]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class JsonString:
    """A string as it is spelt in JSON."""

    raw: str

    @cached_property
    def text(self) -> str:
        """The string, unescaped."""
        return str(scanstring(self.raw, 1, False)[0])

    def respelt(self, text: str) -> JsonString:
        """Another text: escaped beyond what must be where this one is."""
        raw = json.dumps(text, ensure_ascii=bool(re.search(r"(?<!\\)(?:\\\\)*\\u(?!00[01])", self.raw)))
        raw = _SURROGATE.sub(lambda half: f"\\u{ord(half.group()):04x}", raw)
        return JsonString(raw.replace("/", "\\/") if "\\/" in self.raw else raw)


@dataclass(frozen=True, slots=True)
class _Value:
    """Where a value stands in a line, and what it is."""

    start: int
    end: int
    value: Any


class JsonLines:
    """The format.

    Args:
        field: name of the field that holds the text, with dots for nested ones (`article.body`, `paragraphs.0`); "":
            the first of the usual names that is in the first record.
        added: columns that will be added to each record.
        strip: columns that an earlier run has added; they are read as `Record.added`.
    """

    name: ClassVar[str] = "jsonl"
    counts_lines: ClassVar[bool] = True
    gives_bytes_back: ClassVar[bool] = True

    def __init__(self, field: str = "", added: tuple[str, ...] = (), strip: tuple[str, ...] = ()) -> None:
        self.field = field
        self.added = added
        self.strip = strip

    def records(self, stream: BinaryIO) -> Iterator[Record]:
        """The lines; a blank one is a record without text.

        Where not one of the first records has the field, its name is wrong, and the file is refused.
        """
        lacking: list[Record] = []  # the file begins with these, and none of them has the field
        found = False
        for number, line in numbered_lines(stream):
            record, lacks = self._read(number, line)
            if not found and (lacks or (lacking and not _has_value(record))):
                lacking.append(record)
                if len(lacking) == FIRST:
                    break
                continue
            found = found or _has_value(record)
            yield from lacking
            lacking = []
            yield record
        if lacking:
            raise CleanerError(lacking[0].error)

    def writer(self, stream: Writable) -> Lines:
        """A writer of lines."""
        return Lines(stream, self._spelt)

    def _spelt(self, record: Record, added: Mapping[str, Any] | None) -> bytes:
        """The columns to add, as members of an object."""
        members = (f', "{name}": {json.dumps(value)}' for name, value in (added or {}).items())
        return "".join(members).encode()

    def _read(self, number: int, line: bytes) -> tuple[Record, bool]:
        """The record of a line, and whether it lacks the field."""
        if line.isspace() or line == _BOM:
            return Record(number, line), False
        try:
            return self._record(number, line), False
        except UnicodeDecodeError as error:
            return Record(number, line, error=not_utf8(error)), False
        except _Broken as error:
            if number == 1 and line.strip() == b"[":
                raise CleanerError("one JSON array; make lines of it first (jq -c '.[]')") from error
            if isinstance(error, _Missing):
                return Record(number, line, error=no_field(self.field, error.names)), True
            return Record(number, line, error=str(error)), False

    def _record(self, number: int, line: bytes) -> Record:
        start = len(_BOM) if number == 1 and line.startswith(_BOM) else 0
        text = line[start:].decode()
        found, site = self._found(text)
        if found.value is None:
            return Record(number, line)
        if not isinstance(found.value, str):
            raise _Broken(f"the field '{self.field}' is {_kind(found.value)}, not a text")
        close = text.rindex("}")
        cut = self._end_of_own(text, close)
        head, tail, added, end = (
            piece.encode() for piece in (text[: found.start], text[found.end : cut], text[cut:close], text[close:])
        )
        return Record(
            number, line[:start] + head, JsonString(text[found.start : found.end]), tail, added, end, site=site
        )

    def _end_of_own(self, text: str, close: int) -> int:
        """Where the members end that the record had before an earlier run added its own."""
        if not self.strip:
            return close
        cut = text.rfind(f', "{self.strip[0]}": ')
        return cut if cut >= 0 else close

    def _found(self, text: str) -> tuple[_Value, str]:
        """The value of the field, and the site that the record names."""
        try:
            members, end = _members(text, _BLANK.match(text).end())  # type: ignore[union-attr]
            if _BLANK.match(text, end).end() != len(text):  # type: ignore[union-attr]
                raise _Broken(f"not JSON: something stands behind the object, at column {end + 1}")
            refuse_taken(self.added, list(members))
            if not self.field:
                self.field = usual_field(list(members))
            if self.field in members:
                return members[self.field], _site(members)
            return _nested(text, members, self.field), _site(members)
        except JSONDecodeError as error:
            what = error.msg[:1].lower() + error.msg[1:].removesuffix(" at")  # some end in "starting at"
            raise _Broken(f"not JSON: {what} at column {error.pos + 1}") from error
        except StopIteration as error:
            raise _Broken(f"not JSON: a value is missing at column {error.value + 1}") from error
        except RecursionError as error:
            raise _Broken("nested too deep") from error


class _Broken(Exception):
    """A record cannot be read; the message says why."""


class _Missing(_Broken):
    """The record has no such field, or, where it is dotted, the rest of it is not among these members."""

    def __init__(self, rest: str, members: Mapping[str, _Value]) -> None:
        super().__init__(rest, members)
        self.names = list(members)


def _site(members: Mapping[str, _Value]) -> str:
    """The site of a record: by its own fields, or by those of its field `metadata`."""
    fields = {name: members[name].value for name in ("site", "url", "metadata") if name in members}
    inner = fields.get("metadata")
    if isinstance(inner, dict):
        fields = inner | fields
    return site_name(fields.get("site"), fields.get("url"))


def _has_value(record: Record) -> bool:
    return not record.error and not record.head.isspace()


def _members(text: str, at: int) -> tuple[dict[str, _Value], int]:
    """The members of the object that begins at `at`, by name, and where it ends."""
    if text[at : at + 1] != "{":
        value, _ = _scan(text, at)
        raise _Broken(f"{_kind(value)}, not an object")
    members: dict[str, _Value] = {}
    at = _after(text, at + 1)
    if text[at : at + 1] == "}":
        return members, at + 1
    while True:
        if text[at : at + 1] != '"':
            raise JSONDecodeError("a name in quotes is missing", text, at)
        name, at = scanstring(text, at + 1, False)
        at = _after(text, at)
        if text[at : at + 1] != ":":
            raise JSONDecodeError("a colon is missing", text, at)
        start = _after(text, at + 1)
        value, end = _scan(text, start)
        members[name] = _Value(start, end, value)
        at = _after(text, end)
        sign = text[at : at + 1]
        if sign == "}":
            return members, at + 1
        if sign != ",":
            raise JSONDecodeError("a comma is missing" if sign else "the line ends too early", text, at)
        at = _after(text, at + 1)


def _elements(text: str, at: int) -> dict[str, _Value]:
    """The elements of the array that begins at `at`, by number; it is known to be valid."""
    elements: dict[str, _Value] = {}
    at = _after(text, at + 1)
    while text[at] != "]":
        value, end = _scan(text, at)
        elements[str(len(elements))] = _Value(at, end, value)
        at = _after(text, end)
        at = _after(text, at + 1) if text[at] == "," else at
    return elements


def _scan(text: str, at: int) -> tuple[Any, int]:
    value, end = _SCAN(text, at)
    return value, end


def _after(text: str, at: int) -> int:
    """The first place from `at` on that is not blank."""
    return _BLANK.match(text, at).end()  # type: ignore[union-attr]


def _nested(text: str, members: dict[str, _Value], field: str) -> _Value:
    """The value of a dotted field; a name may itself hold dots."""
    parts = field.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        outer = members.get(".".join(parts[:cut]))
        if outer is None:
            continue
        rest = ".".join(parts[cut:])
        if isinstance(outer.value, dict):
            inner = _members(text, outer.start)[0]
        elif isinstance(outer.value, list):
            inner = _elements(text, outer.start)
        elif outer.value is None:
            return outer
        else:
            continue
        return inner[rest] if rest in inner else _nested(text, inner, rest)
    raise _Missing(field, members)


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
