"""What noise is made of: topics and templates that we wrote, pieces found on real pages; and how both are dealt out."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from hashlib import md5
from pathlib import Path
from typing import Any

from cleaner.dataset import Document
from cleaner.errors import DataError

FOLDS = 5


def fold_of(group: str, folds: int = FOLDS) -> int:
    """The fold of a group; the same in every run."""
    return int(md5(group.encode("utf-8", "surrogatepass")).hexdigest()[:8], 16) % folds


@dataclass(frozen=True)
class Vocabulary:
    """Topics, templates and lists; `templates[kind]` holds (label, text) pairs."""

    topics: dict[str, tuple[str, ...]]
    templates: dict[str, tuple[tuple[str, str], ...]]
    lists: dict[str, tuple[str, ...]]
    menus: tuple[tuple[str, ...], ...]
    footers: tuple[tuple[str, ...], ...]

    @classmethod
    def read(cls, path: Path) -> Vocabulary:
        """Read a vocabulary file, or all files of a folder such as `training_data/vocabulary/` as one.

        Raises:
            DataError: it is missing or broken.
        """
        paths = sorted(path.glob("*.toml")) if path.is_dir() else [path]
        whole: dict[str, Any] = {}
        at = path
        try:
            for at in paths:
                table = tomllib.loads(at.read_text(encoding="utf-8"))
                for name, value in table.items():
                    whole[name] = _joined(whole[name], value) if name in whole else value
            at = path
            return cls._from_table(whole)
        except OSError as error:
            raise DataError(f"{at}: {error.strerror}; topics and templates of noise stand there") from error
        except KeyError as error:
            raise DataError(f"{at}: {error} is missing, or is no kind of template") from error
        except (ValueError, TypeError, AttributeError) as error:
            raise DataError(f"{at}: {error}") from error

    @classmethod
    def _from_table(cls, table: dict[str, Any]) -> Vocabulary:
        templates: dict[str, list[tuple[str, str]]] = {"label": [], "promo": [], "spam": []}
        for row in table["templates"]:
            templates[row["kind"]].append((row["label"], row["text"]))
        lists = {name: tuple(value) for name, value in table["lists"].items()}
        menus, footers = (tuple(tuple(row) for row in lists.pop(name)) for name in ("menus", "footers"))
        topics = {name: tuple(phrases) for name, phrases in table["topics"].items()}
        return cls(topics, {kind: tuple(rows) for kind, rows in templates.items()}, lists, menus, footers)

    def fold(self, number: int) -> Vocabulary:
        """The part of the vocabulary that one fold may use."""

        def part(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
            return tuple(row for row in rows if fold_of("|".join(row)) == number) or rows

        return replace(
            self,
            topics={name: phrases for name, phrases in self.topics.items() if fold_of(name) == number} or self.topics,
            templates={
                kind: tuple(r for r in rows if fold_of(r[1]) == number) or rows for kind, rows in self.templates.items()
            },
            menus=part(self.menus),
            footers=part(self.footers),
        )


def _joined(one: Any, other: Any) -> Any:
    """Two parts of a vocabulary as one: lists one behind the other, tables entry by entry."""
    if isinstance(one, dict):
        return one | {name: _joined(one[name], value) if name in one else value for name, value in other.items()}
    return one + other


@dataclass(frozen=True)
class Found:
    """Found material: headlines, (label, text) fragments, sentences and spam, (label, lines) blocks, search phrases
    that people wrote, and such as are drawn from the words of an article."""

    headlines: tuple[str, ...] = ()
    fragments: tuple[tuple[str, str], ...] = ()
    sentences: tuple[tuple[str, str], ...] = ()
    spam: tuple[tuple[str, str], ...] = ()
    blocks: tuple[tuple[str, str], ...] = ()
    phrases: tuple[str, ...] = ()
    drawn_phrases: tuple[str, ...] = ()

    def __add__(self, other: Found) -> Found:
        return Found(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def where(self, chosen: Callable[[object], bool]) -> Found:
        """The pieces for which `chosen` holds."""
        return Found(*(tuple(filter(chosen, getattr(self, f.name))) for f in fields(self)))

    def fold(self, number: int) -> Found:
        """The part of the material that one fold may use."""
        return self.where(lambda piece: fold_of(str(piece)) == number)


def held_out(found: Found, test: bool) -> Found:
    """The part of found material that is kept for measuring (a sixth), or the rest."""
    return found.where(lambda piece: (fold_of(f"test/{piece}", 6) == 0) == test)


def is_test(document: Document) -> bool:
    """Whether one of our own documents is kept for measuring; a sixth of them is, by their id."""
    return fold_of(f"test/{document.id}", 6) == 0
