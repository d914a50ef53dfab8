"""Cleaning documents, for the command line and other tools: everything wanted of each is made where it is cleaned.

The same function works in this process and in others (`cleaner.parallel`), so more workers change nothing but the time.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from cleaner.edits import Change
from cleaner.errors import CleanerError, ConfigError, ModelError
from cleaner.formats.own import encoded, in_own_line_ends
from cleaner.formats.records import Cell
from cleaner.ledger import line, records
from cleaner.pipeline import Cleaner
from cleaner.report import Tally
from cleaner.result import CleanResult


@dataclass(frozen=True, slots=True)
class Document:
    """A text to clean.

    Attributes:
        name: in messages and in the ledger.
        source: the bytes of a file, or the text of a record.
        cell: how the text is spelt in its record; None for a file.
        is_page: `source` is a web page whose text must be extracted first.
        is_piece: `source` is a piece of a long text.
        site: that it is from, as far as its record says so.
        joins: ascending offsets of line ends in `source` (a str) that one wants to find again in the cleaned text.
    """

    name: str
    source: str | bytes
    cell: Cell | None = None
    is_page: bool = False
    is_piece: bool = False
    site: str = ""
    joins: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.source)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be made of each document beside its text.

    Attributes:
        ledger: its records, by this version of cleaner with these models.
        diff: its unified diff.
        picture: what the HTML report shows of it.
        columns: what is added to its record.
    """

    ledger: bool = False
    diff: bool = False
    picture: bool = False
    columns: tuple[str, ...] = ()
    version: str = ""
    models: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has become of a document.

    Attributes:
        cleaned: the bytes of a file; empty for a record.
        cell: the text of a record as it is spelt now; None for a file.
        changed: whether the file or the text is another one now.
        error: why it failed; it is left as it is, and the other attributes say nothing.
        recoded: the encoding that became UTF-8, where nothing else has changed.
        joins: where each of the document's `joins` stands in the cleaned text; None for those that went.
    """

    cleaned: bytes = b""
    cell: Cell | None = None
    changed: bool = False
    error: str = ""
    warnings: tuple[str, ...] = ()
    tally: Tally = field(default_factory=Tally)
    recoded: str = ""
    ledger: bytes = b""
    diff: str = ""
    picture: str = ""
    added: Mapping[str, Any] = field(default_factory=dict)
    joins: tuple[int | None, ...] = ()


def clean_documents(cleaner: Cleaner, documents: Sequence[Document], wanted: Wanted) -> list[Outcome]:
    """Clean a batch of documents; one that cannot be cleaned does not take the others with it."""
    try:
        sources = [_extracted(d.source) if d.is_page else d.source for d in documents]
        results = list(cleaner.clean_many(sources, [d.site for d in documents]))
        return [_outcome(d, s, r, wanted) for d, s, r in zip(documents, sources, results, strict=True)]
    except (ConfigError, ModelError):
        raise
    except Exception as error:
        if len(documents) > 1:
            return [outcome for single in documents for outcome in clean_documents(cleaner, [single], wanted)]
        if isinstance(error, CleanerError):
            return [Outcome(error=str(error))]
        if os.environ.get("CLEANER_DEBUG"):
            raise
        return [Outcome(error=f"internal error, please report it: {type(error).__name__}: {error}")]


# What few runs ask for is imported when one does: the start of the program is most of what a small file costs.


def _extracted(page: str | bytes) -> str:
    from cleaner.formats.markup import extracted

    return extracted(page)


def _diff(result: CleanResult, name: str) -> str:
    from cleaner.report.diff import unified_diff

    return "".join(unified_diff(result, name))


def _picture(result: CleanResult, name: str) -> str:
    from cleaner.report.picture import picture

    return picture(result, name)


def _outcome(document: Document, source: str | bytes, result: CleanResult, wanted: Wanted) -> Outcome:
    if result.decoded.method == "binary":
        return Outcome(error="; ".join(result.warnings))
    result = in_own_line_ends(result)
    cell = document.cell
    cleaned = b"" if cell else encoded(result)
    changed = result.text != source if isinstance(source, str) else cleaned != source
    respelt = cell.respelt(result.text) if cell and (changed or document.is_page) else cell
    return Outcome(
        cleaned=cleaned,
        cell=respelt,
        changed=changed,
        warnings=result.warnings if source or cell else (_EMPTY[document.is_page],),
        tally=Tally.of(result),
        recoded="" if result.changes else result.decoded.encoding,
        ledger=_ledger(document, source, result, respelt, wanted) if wanted.ledger else b"",
        diff=_diff(result, document.name) if wanted.diff else "",
        picture=_picture(result, document.name) if wanted.picture else "",
        added={name: _COLUMNS[name](result) for name in wanted.columns},
        joins=_followed(result, document.joins),
    )


def _followed(result: CleanResult, joins: Sequence[int]) -> tuple[int | None, ...]:
    """Where some line ends of the source, ascending, stand in the cleaned text; None for those that went.

    A removal owns the line end before or behind what it removes. Where it took one of these although another line end
    stands on its other side, that one stands in for it: either could have been the one that was taken.
    """
    if not joins:
        return ()
    source, changes = result.decoded.text, list[Change]()
    for change in result.changes:  # removals side by side are one
        is_next = changes and changes[-1].end == change.start and not changes[-1].replacement + change.replacement
        changes.append(Change(changes.pop().start, change.end, "") if is_next else change)
    ends = [change.end for change in changes]
    shifts = [0, *accumulate(len(change.replacement) - (change.end - change.start) for change in changes)]

    def place(offset: int) -> int | None:
        at = bisect_right(ends, offset)
        is_changed = at < len(changes) and changes[at].start <= offset
        return None if is_changed else offset + shifts[at]

    places, taken = [place(join) for join in joins], set(joins)
    for number, join in enumerate(joins):
        if places[number] is not None:
            continue
        change = changes[bisect_right(ends, join)]
        is_first = number == 0 or joins[number - 1] < change.start
        is_last = number + 1 == len(joins) or joins[number + 1] >= change.end
        for beside in (change.end,) * is_last + (change.start - 1,) * is_first:
            free = not change.replacement and source[beside : beside + 1] == "\n" and beside not in taken
            if free and (found := place(beside)) is not None:
                places[number] = found
                taken.add(beside)
                break
    return tuple(places)


_EMPTY = {False: "is empty, there is nothing to clean", True: "the extractor finds no article on this page"}


def _ledger(
    document: Document, source: str | bytes, result: CleanResult, respelt: Cell | None, wanted: Wanted
) -> bytes:
    data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    rows = list(records(result, document.name, data, wanted.version, wanted.models))
    if document.is_piece:
        rows[0]["size"] = len(encoded(result))
    if document.is_page:
        rows[0]["extracted"] = True
    if document.cell and respelt and not document.is_page and respelt.respelt(str(source)).raw != document.cell.raw:
        rows[0]["spelling"] = document.cell.raw  # cannot be told from the text and the spelling of the new one
    return b"".join(map(line, rows))


_COLUMNS: Mapping[str, Callable[[CleanResult], int | str]] = {
    "cleaner_changes": lambda result: len(result.changes),
    "cleaner_removed": lambda result: Tally.of(result).words.total(),
    "cleaner_labels": lambda result: ",".join(sorted(Tally.of(result).labels)),
    "cleaner_flagged": lambda result: len(result.flagged),
    "cleaner_source": lambda result: result.decoded.text,
}
"""How each column of `formats.COLUMNS` is made."""
