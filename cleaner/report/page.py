"""The HTML report: what was done to many documents, on one page, or on several that lead to each other.

Every file stands alone: no script, no font, no address of anything but the other pages. Filters are check boxes that
style sheets look at (`:has`); in a browser that does not know that, everything is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from cleaner.formats.disk import write
from cleaner.report.picture import NUMBER
from cleaner.report.tally import Tally, by_count

PER_PAGE = 100
"""Documents on a page."""

KINDS = {"noise": "removed", "repair": "repaired", "typos": "typos", "flagged": "flagged, not removed"}
"""What marks are told apart by, and what they are called."""

_HUES = {
    "keyword_spam": 350, "link_spam": 15, "related_links": 205, "share_bar": 245, "advert": 30, "newsletter": 285,
    "cookie_notice": 60, "comment_spam": 330, "site_furniture": 185, "legal_footer": 225, "paywall": 310,
    "photo_credit": 160, "author_bio": 265, "off_topic": 45,
}  # fmt: skip
"""The colour of each label, as an angle; a label that is not here gets one of its own by its name."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """A document as it stands in the list: its number, its name, and what was done."""

    number: int
    name: str
    tally: Tally

    @property
    def page(self) -> int:
        """The page that it is on, from 1."""
        return (self.number - 1) // PER_PAGE + 1


@dataclass
class Report:
    """Takes documents one by one, and writes pages as they fill.

    Args:
        path: the report; further pages lie beside it (`report.2.html`).
    """

    path: Path
    documents: int = 0
    tally: Tally = field(default_factory=Tally)
    _listed: list[_Listed] = field(default_factory=list)
    _waiting: list[tuple[_Listed, str]] = field(default_factory=list)

    def add(self, name: str, picture: str, tally: Tally) -> None:
        """Take in a document with its picture; an empty one is only counted.

        Raises:
            CleanerError: a page cannot be written.
        """
        self.documents += 1
        self.tally += tally
        if not picture:
            return
        if len(self._waiting) == PER_PAGE:
            self._write_page()
        listed = _Listed(len(self._listed) + 1, name, tally)
        self._listed.append(listed)
        self._waiting.append((listed, picture.replace(NUMBER, str(listed.number))))

    def close(self) -> None:
        """Write the report.

        Raises:
            CleanerError: it cannot be written.
        """
        parts = [*self._overview(), *_filters(self.tally)]
        if len(self._listed) <= PER_PAGE:
            parts.append(self._list("") if len(self._listed) > 1 else "")
            parts += [picture for _, picture in self._waiting]
        else:
            self._write_page(is_last=True)
            parts = [*self._overview(), *(self._list(f"{self._page_name(page)}") for page in range(1, self._pages + 1))]
        write(self.path, _page("What was cleaned", parts, self.tally).encode("utf-8", "replace"))

    @property
    def _pages(self) -> int:
        return (len(self._listed) + PER_PAGE - 1) // PER_PAGE

    def _page_name(self, page: int) -> str:
        return f"{self.path.stem}.{page}.html"

    def _write_page(self, is_last: bool = False) -> None:
        page = self._waiting[0][0].page
        tally = sum((listed.tally for listed, _ in self._waiting), Tally())
        first, last = self._waiting[0][0].number, self._waiting[-1][0].number
        links = [f'<a href="{_address(self.path.name)}">overview</a>']
        around = [other for other in (page - 1, page + 1) if other and (other < page or not is_last)]
        links += [f'<a href="{_address(self._page_name(other))}">page {other}</a>' for other in around]
        parts = [f'<nav aria-label="pages">{" ".join(links)}</nav>', *_filters(tally)]
        parts += [picture for _, picture in self._waiting]
        title = f"Documents {first} to {last}"
        content = _page(title, [f"<h1>{title}</h1>", *parts], tally)
        write(self.path.with_name(self._page_name(page)), content.encode("utf-8", "replace"))
        self._waiting = []

    def _overview(self) -> Iterator[str]:
        unchanged = self.documents - len(self._listed)
        yield "<h1>What was cleaned</h1>"
        count = "1 document" if self.documents == 1 else f"{self.documents:,} documents"
        yield f"<p>{count}: {escape(str(self.tally))}."
        if unchanged:
            yield f" {unchanged:,} of them gave no reason to change or flag anything, and are not shown."
        yield "</p>\n"
        charts = {
            "Changes by stage": self.tally.stages,
            "Words removed, by label": self.tally.words,
            "Spelling and spacing, by rule": self.tally.typos,
        }
        shown = "".join(_chart(title, counts) for title, counts in charts.items() if counts)
        yield f'<div class="charts">{shown}</div>\n'

    def _list(self, page: str) -> str:
        """The documents, with links; those of one page where it is named."""
        listed = [d for d in self._listed if not page or self._page_name(d.page) == page]
        rows = "".join(
            f'<tr><td><a href="{_address(page)}#d{d.number}">{escape(d.name)}</a></td><td>{d.tally.stages.total()}</td>'
            f"<td>{d.tally.words.total()}</td><td>{d.tally.flagged}</td></tr>"
            for d in listed
        )
        whole = f'<a href="{_address(page)}">page {listed[0].page}</a> ' if page else ""
        return (
            f"<details{' open' if not page and len(listed) < 20 else ''}><summary>{whole}{len(listed)} documents, "
            f'{listed[0].number} to {listed[-1].number}</summary><div class="wide" tabindex="0" role="region" '
            'aria-label="documents"><table><thead><tr><th scope="col">document</th><th scope="col">changes</th>'
            f'<th scope="col">words removed</th><th scope="col">flagged</th></tr></thead><tbody>{rows}</tbody>'
            "</table></div></details>\n"
        )


def _address(name: str) -> str:
    from urllib.parse import quote

    return quote(name)


def _filters(tally: Tally) -> Iterator[str]:
    """The check boxes; those of labels only where there are several."""
    stages = {**tally.stages, **({"flagged": tally.flagged} if tally.flagged else {})}
    kinds = [(kind, stages[kind], words) for kind, words in KINDS.items() if stages.get(kind)]
    if not kinds:
        return
    yield '<form class="filters" aria-label="what is marked"><fieldset><legend>Marked</legend>'
    yield from (_box(f"k-{kind}", f"{words} ({count:,})") for kind, count, words in kinds)
    yield "</fieldset>"
    if len(tally.labels) > 1:
        yield "<fieldset><legend>Removed as</legend>"
        yield from (_box(f"l-{label}", f"{_words(label)} ({count:,})") for label, count in by_count(tally.labels))
        yield "</fieldset>"
    yield "</form>\n"


def _box(name: str, text: str) -> str:
    box = f'<input type="checkbox" id="show-{name}" autocomplete="off" checked>'
    return f'<label class="{name}">{box}<span class="key"></span>{escape(text)}</label>'


def _chart(title: str, counts: Counter[str]) -> str:
    """Bars, longest first; the numbers stand beside them."""
    rows = by_count(counts)
    most = rows[0][1]
    height = 22 * len(rows)
    bars = "".join(
        f'<text x="158" y="{22 * y + 15}" text-anchor="end">{escape(_words(name))}</text>'
        f'<rect class="bar k-{name} l-{name}" x="166" y="{22 * y + 4}" width="{max(150 * count / most, 1):.1f}"'
        ' height="14" rx="2"/>'
        f'<text x="{172 + 150 * count / most:.1f}" y="{22 * y + 15}">{count:,}</text>'
        for y, (name, count) in enumerate(rows)
    )
    said = ", ".join(f"{_words(name)} {count}" for name, count in rows)
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 360 {height}" width="360"'
        f' height="{height}" role="img" aria-label="{escape(f"{title}: {said}")}">{bars}</svg></figure>'
    )


def _words(name: str) -> str:
    return name.replace("_", " ")


def _page(title: str, parts: Iterable[str], tally: Tally) -> str:
    style = (Path(__file__).with_name("page.css")).read_text(encoding="utf-8")
    labels = sorted({*tally.labels, *_HUES})
    style += "".join(f".l-{label}{{--hue:{_hue(label)}}}\n" for label in labels)
    for name in [*(f"k-{kind}" for kind in KINDS), *(f"l-{label}" for label in labels)]:
        off = f"body:has(#show-{name}:not(:checked))"
        style += f"{off} .m.{name},{off} .m.{name} :is(del,mark){{background:none;border:0;color:inherit}}\n"
        style += f"{off} .m.{name} del{{text-decoration:none}}{off} :is(tr.{name},.m.{name} :is(ins,.said))"
        style += "{display:none}\n"
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{escape(title)}</title><style>\n{style}</style></head>'
        f"<body><main>\n{''.join(parts)}</main></body></html>\n"
    )


def _hue(label: str) -> int:
    return _HUES.get(label, sum(map(ord, label)) * 37 % 360)
