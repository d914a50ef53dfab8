"""The rules of one site: a TOML file that a person writes, or that `cleaner sites learn` writes and a person edits.

    keep = ["Courier Sport"]                    # stays, whatever else speaks against it
    remove = [
      "Follow the Courier on {any}",            # a whole line or sentence; placeholders: see `patterns`
      {text = "cheap ferry tickets", anywhere = true, label = "keyword_spam"},
    ]
    allow_words = ["Kellingsby"]                # right as it stands

What `cleaner sites learn` has found stands in a table `[learned]`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from cleaner.errors import ConfigError
from cleaner.hints import did_you_mean
from cleaner.policy import KEEP, labels
from cleaner.sites.patterns import Pattern, folded

LABEL = "site_furniture"
"""What a site's rules remove has this label unless they give another one."""
MOST_RULES = 2_000
"""Rules in one list; more than a person writes, and each costs a search in every text."""

KEYS = ("site", "keep", "remove", "allow_words", "learned")
_RULE_KEYS = ("text", "anywhere", "label")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule that a person has written.

    Attributes:
        pattern: what it means.
        anywhere: it means these words wherever they stand; else only a whole line, or whole sentences of one.
        label: of what it removes.
    """

    pattern: Pattern
    anywhere: bool = False
    label: str = LABEL


@dataclass(frozen=True)
class Repeated:
    """What was learnt from the pages of the site: everything with the number of pages that it stands on.

    Attributes:
        pages: that it was learnt from.
        lines: whole lines, folded.
        frames: patterns of whole lines.
        sentences: patterns of sentences.
    """

    pages: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)
    frames: tuple[tuple[Pattern, int], ...] = ()
    sentences: tuple[tuple[Pattern, int], ...] = ()


@dataclass(frozen=True)
class SiteRules:
    """The rules of a site.

    Attributes:
        keep: what stays.
        remove: what goes.
        allow_words: words that are right as they stand.
        repeated: what goes because it repeats.
    """

    keep: tuple[Rule, ...] = ()
    remove: tuple[Rule, ...] = ()
    allow_words: tuple[str, ...] = ()
    repeated: Repeated = field(default_factory=Repeated)

    @cached_property
    def allowed(self) -> frozenset[str]:
        """The words that are right, as they are compared."""
        return frozenset(comparable(word) for word in self.allow_words)


def comparable(word: str) -> str:
    """A word in lower case, with straight apostrophes."""
    return word.lower().replace("\u2019", "'")


def read_rules(path: Path) -> SiteRules:
    """Read the rules of a site.

    Raises:
        ConfigError: the file cannot be read or understood; the message names the file, the line where it is known, the
            key, and what to do.
    """
    text = read_text(path)
    try:
        return rules_from(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    except _Faulty as error:
        place = _line_of(text, error.written)
        raise ConfigError(f"{path}:{place}: {error}" if place else f"{path}: {error}") from error


def read_text(path: Path) -> str:
    """The text of a file of rules.

    Raises:
        ConfigError: it cannot be read, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8; save the file as UTF-8") from error


class _Faulty(ConfigError):
    """A value cannot be understood; `written` is what to look for in the file."""

    def __init__(self, message: str, written: str) -> None:
        super().__init__(message)
        self.written = written


def rules_from(table: Mapping[str, Any]) -> SiteRules:
    """The rules of a site from its table, as TOML gives it."""
    for key in table:
        _known(key, KEYS, key)
    if not isinstance(table.get("site", ""), str):
        raise _Faulty(f"'site' must be the name of the site, not {table['site']!r}", "site")
    words = _list(table, "allow_words")
    for word in words:
        if not isinstance(word, str) or len(word.split()) != 1:
            raise _Faulty(f"allow_words: {word!r} is not one word; write each word by itself", str(word))
    keep, remove = (tuple(_rule(key, row) for row in _list(table, key)) for key in ("keep", "remove"))
    return SiteRules(keep, remove, tuple(words), _repeated(table.get("learned", {})))


def _list(table: Mapping[str, Any], key: str) -> list[Any]:
    rows = table.get(key, [])
    if not isinstance(rows, list):
        raise _Faulty(f"'{key}' must be a list, {key} = [...]", key)
    if len(rows) > MOST_RULES:
        raise _Faulty(f"'{key}' has {len(rows)} entries; more than {MOST_RULES} are not allowed", key)
    return rows


def _rule(key: str, row: Any) -> Rule:
    table = {"text": row} if isinstance(row, str) else row
    if not isinstance(table, Mapping) or not isinstance(table.get("text"), str):
        raise _Faulty(f'{key}: {row!r} is no rule; write "TEXT" or {{text = "TEXT", anywhere = true}}', key)
    text = table["text"]
    for name in table:
        _known(name, _RULE_KEYS[:2] if key == "keep" else _RULE_KEYS, text)
    if type(table.get("anywhere", False)) is not bool:
        raise _Faulty(f"{key}: 'anywhere' of '{text}' must be true or false", text)
    try:
        label = _label(table.get("label", LABEL))
    except ConfigError as error:
        raise _Faulty(f"{key}: '{text}': {error}", text) from error
    rule = Rule(_pattern(key, text), bool(table.get("anywhere")), label)
    if rule.anywhere and rule.pattern.is_open:
        raise _Faulty(f"{key}: '{text}': {{any}} with anywhere = true has no end; leave one of them out", text)
    return rule


def _repeated(table: Any) -> Repeated:
    if not isinstance(table, Mapping):
        raise _Faulty("'learned' must be a table, [learned]", "learned")
    for key in table:
        _known(key, ("pages", *LEARNED), key)
    found = {key: [_counted(key, row) for row in _list(table, key)] for key in LEARNED}
    pages = table.get("pages", 0)
    if type(pages) is not int or pages < 0:
        raise _Faulty(f"learned: 'pages' must be a number of pages, not {pages!r}", "pages")
    frames, sentences = (
        tuple((_pattern(key, text), count) for text, count in found[key]) for key in ("frames", "sentences")
    )
    return Repeated(pages, {folded(text.strip()): count for text, count in found["lines"]}, frames, sentences)


LEARNED = ("lines", "frames", "sentences")


def _counted(key: str, row: Any) -> tuple[str, int]:
    if not (isinstance(row, Mapping) and set(row) == {"text", "pages"} and isinstance(row["text"], str)):
        raise _Faulty(f'learned: {key}: {row!r} must be {{text = "TEXT", pages = NUMBER}}', key)
    if type(row["pages"]) is not int:
        raise _Faulty(f"learned: {key}: 'pages' of '{row['text']}' must be a number", row["text"])
    return row["text"], row["pages"]


def _pattern(key: str, text: str) -> Pattern:
    try:
        return Pattern.read(text)
    except ConfigError as error:
        raise _Faulty(f"{key}: '{text}': {error}", text) from error


def _label(name: Any) -> str:
    known = [label for label, row in labels().items() if row.action != KEEP]
    if name not in known:
        hint = did_you_mean(str(name), known, f"labels: {', '.join(known)}")
        raise ConfigError(f"unknown label {name!r}; {hint}")
    return str(name)


def _known(name: str, names: Sequence[str], written: str) -> None:
    if name not in names:
        hint = did_you_mean(name, names, f"known keys: {', '.join(names)}")
        raise _Faulty(f"unknown key '{name}'; {hint}", written)


def _line_of(text: str, written: str) -> int:
    """The line of a file in which something was written; 0 where it is spelt in another way there."""
    needle = written.replace("\\", "\\\\").replace('"', '\\"')
    at = text.find(needle) if needle else -1
    return text.count("\n", 0, at) + 1 if at >= 0 else 0
