"""What all integrations do to a value: text in, cleaned text and what was done to it out.

The texts go the way that the records of a file go on the command line, so both give the same bytes. A document that
cannot be cleaned comes back as it is, with the reason; a value that is no text comes back as it is; neither ends a
worker.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import accumulate, count, repeat
from pathlib import Path
from typing import Any, TypeVar

from cleaner.config import CleanConfig
from cleaner.errors import CleanerError, ConfigError
from cleaner.formats import COLUMNS, decoded_output
from cleaner.formats.records import TEXT_COLUMNS, Plain, no_field, usual_field
from cleaner.hints import did_you_mean
from cleaner.ledger import model_names
from cleaner.pipeline import BATCH, BATCH_SIZE, Cleaner
from cleaner.policy import actions
from cleaner.report import Tally
from cleaner.sites.address import site_name
from cleaner.work import Document, Outcome, Wanted, clean_documents

CHANGED, UNCHANGED, NO_TEXT, FAILED = STATUSES = ("changed", "unchanged", "no text", "failed")
"""What can have become of a value. No text: it is missing (None, NaN). Failed: it is left as it is, `note` says why."""

TEXTUAL = frozenset({*TEXT_COLUMNS, "cleaner_status", "cleaner_note", "cleaner_ledger"})
"""The columns that hold text; the others hold whole numbers."""

ADDED = (*(name.removeprefix("cleaner_") for name in COLUMNS), "status", "note", "ledger")
"""What can be had beside the text: what `--add` of the command line gives; what has become of the value; why it is left
as it is, or a warning; and the rows of the ledger, as JSON Lines."""

SHOWN = 20
"""Documents that fail in one call and are told one by one; the others are counted."""

Config = CleanConfig | Mapping[str, Any] | str | Path | None
"""Settings, a table of settings as in TOML, the path of a TOML file, or None: the defaults."""

Row = TypeVar("Row")

_log = logging.getLogger("cleaner")


@dataclass(frozen=True, slots=True)
class Value:
    """What may be a text.

    Attributes:
        text: a str, or bytes in any encoding; what is neither is left as it is.
        name: for messages and for the ledger.
        site: that it is from, for the rules of sites; "" if it is unknown.
        in_paragraphs: a list or tuple of str is a text, too: its paragraphs, a line (or several) each.
    """

    text: Any
    name: str
    site: str = ""
    in_paragraphs: bool = False

    @property
    def paragraphs(self) -> Sequence[str] | None:
        """Its paragraphs, if it is given as such."""
        if not self.in_paragraphs or not isinstance(self.text, (list, tuple)):
            return None
        return self.text if all(isinstance(part, str) for part in self.text) else None

    @property
    def is_text(self) -> bool:
        """Whether it is one."""
        return isinstance(self.text, (str, bytes)) or self.paragraphs is not None

    def document(self) -> Document:
        """The text as a document: paragraphs are its lines."""
        paragraphs = self.paragraphs
        if paragraphs is not None:
            source, ends = "\n".join(paragraphs), accumulate(len(part) + 1 for part in paragraphs[:-1])
            return Document(self.name, source, Plain(source), site=self.site, joins=tuple(end - 1 for end in ends))
        cell = Plain(self.text) if isinstance(self.text, str) else None
        return Document(self.name, self.text, cell, site=self.site)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What has become of a value.

    Attributes:
        text: the cleaned text, in paragraphs where the value is; the value itself where it is no text or cannot be
            cleaned.
        status: one of `STATUSES`.
        note: why it is left as it is, or a warning; mostly empty.
        added: the columns that were asked for, by name; None where the value was not cleaned.
        tally: what was done.
    """

    text: Any
    status: str
    note: str = ""
    added: Mapping[str, int | str | None] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)

    @property
    def filled(self) -> dict[str, int | str]:
        """The columns with 0 and "" for None: for tools that take the type of a column from its first value."""
        empty = {name: "" if name in TEXTUAL else 0 for name in self.added}
        return {name: empty[name] if value is None else value for name, value in self.added.items()}


@dataclass(frozen=True)
class Cleaning:
    """How values are cleaned. It is small, hashable, and can be pickled: models are loaded where it is used.

    Attributes:
        config: the settings.
        add: what is wanted beside the text, of `ADDED`.
    """

    config: CleanConfig = field(default_factory=CleanConfig)
    add: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in self.add:
            if name not in ADDED:
                hint = did_you_mean(name, ADDED, f"use some of {', '.join(ADDED)}")
                raise ConfigError(f"add: unknown value '{name}'; {hint}")
        if self.config.noise.remove or self.config.noise.keep:
            actions(self.config.noise)  # a wrong label is said here, and not by a worker

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns that are made."""
        return tuple(f"cleaner_{name}" for name in self.add)

    @cached_property
    def identity(self) -> dict[str, Any]:
        """What makes the output what it is, beside the settings: the version of cleaner, and the models."""
        from cleaner import __version__

        return {"cleaner": __version__, "models": model_names(self.config)}

    def values(
        self,
        texts: Iterable[Any],
        names: Iterable[str] | None = None,
        sites: Iterable[Any] | None = None,
        urls: Iterable[Any] | None = None,
    ) -> Iterator[Cleaned]:
        """Each text cleaned: lazily, in batches, in order.

        Args:
            texts: what is no text is left as it is.
            names: of the texts; None: their numbers, from 1.
            sites, urls: where each text is from, as fields of these names say it; None: there are no such fields.
        """
        names = map(str, count(1)) if names is None else names
        places = map(site_name, repeat(None) if sites is None else sites, repeat(None) if urls is None else urls)
        return (cleaned for _, cleaned in self.rows(map(Value, texts, names, places), lambda value: value))

    def rows(self, rows: Iterable[Row], value_of: Callable[[Row], Value]) -> Iterator[tuple[Row, Cleaned]]:
        """Each row with what has become of its text: lazily, in batches, in order.

        Args:
            rows: what holds the texts.
            value_of: gives the text of a row.
        """
        failed = 0
        for batch in _batches(rows, value_of):
            values = [value for _, value in batch]
            for (row, value), cleaned in zip(batch, self._batch(values), strict=True):
                if cleaned.status == FAILED:
                    failed += 1
                    if failed <= SHOWN:
                        _log.warning("%s: left as it is: %s", value.name, cleaned.note)
                yield row, cleaned
        if failed > SHOWN:
            _log.warning("%d texts in all are left as they are", failed)

    def _batch(self, values: Sequence[Value]) -> Iterator[Cleaned]:
        documents = [value.document() for value in values if value.is_text]
        outcomes = iter(clean_documents(cached_cleaner(self.config), documents, self._wanted))
        return (self._cleaned(value, next(outcomes)) if value.is_text else self._left(value) for value in values)

    @cached_property
    def _wanted(self) -> Wanted:
        ledger = "ledger" in self.add
        columns = tuple(name for name in self.columns if name in COLUMNS)
        return Wanted(ledger, columns=columns, version=self.identity["cleaner"], models=self.identity["models"])

    def _cleaned(self, value: Value, outcome: Outcome) -> Cleaned:
        if outcome.error:
            return self._made(value.text, FAILED, outcome.error, Outcome())
        text: Any = outcome.cell.text if outcome.cell else decoded_output(outcome.cleaned, True, "utf-8")
        if (before := value.paragraphs) is not None:
            after = _in_paragraphs(text, before, outcome.joins) if outcome.changed else before
            text = tuple(after) if isinstance(before, tuple) else list(after)
        note = "; ".join(outcome.warnings)
        return self._made(text, CHANGED if outcome.changed else UNCHANGED, note, outcome)

    def _left(self, value: Value) -> Cleaned:
        """A value that is no text."""
        what = value.text
        if what is None or (isinstance(what, float) and what != what):
            return self._made(what, NO_TEXT, "", Outcome())
        kind = type(what).__name__
        if value.in_paragraphs and isinstance(what, (list, tuple)):
            other = next(type(part).__name__ for part in what if not isinstance(part, str))
            return self._made(what, FAILED, f"{kind} with {other} in it, not a list of texts", Outcome())
        return self._made(what, FAILED, f"{kind}, not a text", Outcome())

    def _made(self, text: Any, status: str, note: str, outcome: Outcome) -> Cleaned:
        if not self.add:
            return Cleaned(text, status, note, {}, outcome.tally)
        ledger = outcome.ledger.decode() or None
        own = {"cleaner_status": status, "cleaner_note": note or None, "cleaner_ledger": ledger}
        added = {name: own[name] if name in own else outcome.added.get(name) for name in self.columns}
        return Cleaned(text, status, note, added, outcome.tally)


def cleaning(config: Config = None, add: Sequence[str] = ()) -> Cleaning:
    """A `Cleaning` from what a user gives.

    Args:
        config: the settings; see `Config`.
        add: what is wanted beside the text, of `ADDED`; without the prefix that the columns have.

    Raises:
        ConfigError: the settings cannot be read, or a name is unknown.
    """
    if isinstance(config, (str, Path)):
        config = CleanConfig.from_toml(config)
    elif isinstance(config, Mapping):
        config = CleanConfig.from_dict(config)
    if isinstance(add, str):
        raise ConfigError(f"add: give a list of names, not {add!r}")
    return Cleaning(config or CleanConfig(), tuple(dict.fromkeys(add)))


@lru_cache(maxsize=4)
def cached_cleaner(config: CleanConfig) -> Cleaner:
    """The one cleaner of this process with these settings, so models are loaded once."""
    return Cleaner(config)


def field_of(name: str, names: Iterable[Any], setting: str, new: Sequence[str] = ()) -> str:
    """The field that holds the text.

    Args:
        name: what the user calls it; "": the first of the usual names that is there.
        names: the fields there are.
        setting: where the user can name another one, for the message.
        new: columns that will be added.

    Raises:
        CleanerError: there is no such field, or a column that would be added is there already.
    """
    known = [str(known) for known in names]
    if name and name not in known:
        raise CleanerError(no_field(name, known))
    for column in new:
        if column in known:
            raise CleanerError(f"there is a field {column} already; rename it, or leave it out of 'add'")
    return name or usual_field(known, setting)


def _in_paragraphs(text: str, before: Sequence[str], joins: Sequence[int | None]) -> list[str]:
    """A cleaned text in its paragraphs: those of which nothing is left are left out, and two between which the line end
    went are one.

    Args:
        text: the cleaned text.
        before: the paragraphs as they were.
        joins: where the line end behind each of them but the last stands now.
    """
    paragraphs, start, had_blank = [], 0, False
    for part, join in zip(before, (*joins, len(text)), strict=True):
        had_blank |= not part.strip()
        if join is not None:
            if had_blank or text[start:join].strip():
                paragraphs.append(text[start:join])
            start, had_blank = join + 1, False
    return paragraphs


def _batches(rows: Iterable[Row], value_of: Callable[[Row], Value]) -> Iterator[list[tuple[Row, Value]]]:
    """Rows with their values, as many as are cleaned together."""
    batch: list[tuple[Row, Value]] = []
    size = 0
    for row in rows:
        value = value_of(row)
        batch.append((row, value))
        size += sum(map(len, value.paragraphs or (value.text,))) if value.is_text else 0
        if len(batch) == BATCH or size >= BATCH_SIZE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
