"""Writes what was learnt of a site into its file of rules, and leaves what a person wrote there as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from cleaner.errors import ConfigError
from cleaner.sites.address import file_name
from cleaner.sites.pages import Sample
from cleaner.sites.recurrence import Learned, learned
from cleaner.sites.rules import read_rules, read_text

MARK = "# --- learnt by `cleaner sites learn`, which writes anew what is below; what must stay is for `keep`, above ---"

_HEAD = """# Rules for {site}. Your own keep, remove and allow_words go here, above the line of dashes.
site = {quoted}

"""


def learn_sites(sample: Sample, folder: Path) -> Iterator[tuple[str, Learned]]:
    """Write the rules of all sites of a sample; each with what was learnt of it.

    Raises:
        ConfigError: a file that is there cannot be understood; nothing is written over it.
    """
    for site in sorted(sample.sites):
        found = learned(sample.pages(site))
        write_learned(folder / file_name(site), site, found, sample.seen(site))
        yield site, found


def write_learned(path: Path, site: str, found: Learned, seen: int = 0) -> None:
    """Write what was learnt of a site below what a person wrote; a file in which nothing is left is removed.

    Args:
        path: the file of rules.
        site: its name.
        found: what was learnt; nothing: the part that was learnt goes.
        seen: pages of the site that were looked at.

    Raises:
        ConfigError: the file cannot be understood, or cannot be written.
    """
    own = _own_part(path)
    head = _HEAD.format(site=site, quoted=_quoted(site))
    try:
        if not found:
            if own in ("", head):
                path.unlink(missing_ok=True)
            elif own != read_text(path):
                path.write_text(own, encoding="utf-8")
            return
        own = own or head
        gap = "" if own.endswith("\n\n") else "\n" if own.endswith("\n") else "\n\n"
        partial = path.with_name(f".{path.name}.tmp")
        partial.write_text(f"{own}{gap}{MARK}\n{_table(found, seen)}", encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error


def _own_part(path: Path) -> str:
    """What a person wrote in a file of rules; "" where there is none."""
    if not path.is_file():
        return ""
    read_rules(path)  # what cannot be understood is not written over
    own, mark, _ = read_text(path).partition(MARK)
    if not mark and "[learned]" in own:
        raise ConfigError(f"{path}: has a table [learned], but not the line before it that begins with '{MARK[:27]}'")
    return own


def _table(found: Learned, seen: int) -> str:
    parts = [f"[learned]\npages = {found.pages}  # different articles, of about {max(seen, found.pages)} pages seen\n"]
    for key in ("lines", "frames", "sentences"):
        rows = getattr(found, key)
        if rows:
            entries = "".join(f"  {{text = {_quoted(text)}, pages = {pages}}},\n" for text, pages in rows)
            parts.append(f"{key} = [\n{entries}]\n")
    return "".join(parts)


def _quoted(text: str) -> str:
    """A text as a string of TOML."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
