"""What repeats across the pages of a site: lines, and frames of lines and sentences, with a bound on false alarms.

A true line of an article stands on few pages of its site. What stands on so many that a line which stands on every
fiftieth page by chance would hardly do it (binomial test, corrected for the number of lines that were looked at:
Bonferroni) is furniture. What repeats and is article text all the same is protected: quotations, bylines, datelines,
sign-offs of agencies, notes of the editors, rows of tables, and single words between paragraphs, which are subheads.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log

from cleaner.errors import ConfigError
from cleaner.sites.pages import CUT, edges, number
from cleaner.sites.patterns import DATE, NAME_WORD, TIME, Pattern, folded

LEAST_PAGES = 5
"""Pages with different articles on which a line must stand."""
FALSE_ALARM = 0.01
"""Chance that any line of a site is learnt although its true articles hold it no more often than `USUAL`."""
USUAL = {"line": 0.02, "frame": 0.05, "sentence": 0.05}
"""Share of pages on which the most frequent true lines, frames and sentences stand."""
MOST_LEARNED = {"line": 1000, "frame": 60, "sentence": 60}
"""What is learnt of a site at most, the most frequent first."""
SHORT = 3
"""A line of so many words may be a subhead."""
IN_RUN = 0.8
"""Share of its places where a short line must have another repeated line, or the end of the page, beside it."""
OWN_WORDS = 8
"""Words of a line that can be part of an article of its own; a page without such a line counts for nothing."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learnt of a site.

    Attributes:
        pages: pages with different articles that it was learnt from.
        lines: texts of whole lines, frames of whole lines, and frames of first or last sentences of a line, each
            with the number of pages that it stands on.
    """

    pages: int = 0
    lines: tuple[tuple[str, int], ...] = ()
    frames: tuple[tuple[str, int], ...] = ()
    sentences: tuple[tuple[str, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lines or self.frames or self.sentences)


def learned(pages: Sequence[Sequence[str]]) -> Learned:
    """What repeats across pages, given as their lines."""
    pages = distinct(pages)
    if len(pages) < LEAST_PAGES:
        return Learned(len(pages))
    lines = _found("line", pages, lambda page: (folded(line) for line in page if CUT not in line))
    rest = [[line for line in page if folded(line) not in lines] for page in pages]
    frames = _found("frame", rest, lambda page: (frame(line) for line in page if CUT not in line))
    frames = {text: pages for text, pages in frames.items() if _is_frame(text, whole_line=True)}
    lines = _without_subheads(pages, lines, frames)
    sentences = _sentences(rest)
    return Learned(len(pages), *(_ordered(kind, found) for kind, found in
                                 (("line", lines), ("frame", frames), ("sentence", sentences))))  # fmt: skip


def _ordered(kind: str, found: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(found.items(), key=lambda entry: (-entry[1], entry[0]))[: MOST_LEARNED[kind]])


def _found(
    kind: str, pages: Sequence[Sequence[str]], units: Callable[[Sequence[str]], Iterable[str]]
) -> dict[str, int]:
    """The units that stand on more pages than chance explains, and are not protected."""
    support = Counter(unit for page in pages for unit in set(units(page)))
    support.pop("", None)
    least = least_pages(len(pages), len(support), USUAL[kind])
    return {
        unit: n
        for unit, n in support.items()
        if n >= (max(least, FILLED_IN * len(pages)) if _is_filled_in(unit) else least)
        and unit.isprintable()
        and not is_protected(unit)
    }


FILLED_IN = 0.5
"""Share of pages on which a sentence with numbers or names to be filled in must stand: reports of markets and of the
weather repeat such sentences."""


def _is_filled_in(unit: str) -> bool:
    return unit.endswith((".", "!", "?")) and _PLACEHOLDER.search(unit) is not None


def least_pages(pages: int, looked_at: int, usual: float) -> int:
    """On how many of the pages a line must stand that chance does not explain; at least `LEAST_PAGES`.

    Args:
        pages: how many there are.
        looked_at: how many different lines there are: each is one more chance of a false alarm.
        usual: the share of pages on which a true line stands at most.
    """
    tail, least = 0.0, pages + 1
    for n in range(pages, -1, -1):
        ways = lgamma(pages + 1) - lgamma(n + 1) - lgamma(pages - n + 1)
        tail += exp(ways + n * log(usual) + (pages - n) * log(1 - usual))
        if tail * max(looked_at, 1) > FALSE_ALARM:
            break
        least = n
    return max(least, LEAST_PAGES)


# --- pages that count -----------------------------------------------------------------------------------------------


def distinct(pages: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The pages with an article of their own, of near-duplicates one.

    What an article is known by are its longest lines, of those that most pages of the site do not have. Pages that
    share most of them hold the same article (resemblance of shingles; Broder 1997, here with whole lines).
    """
    support = Counter(line for page in pages for line in set(page))
    common = max(len(pages) / 2, 1)
    seen: defaultdict[int, set[int]] = defaultdict(set)
    chosen: list[Sequence[str]] = []
    for page in pages:
        own = {line for line in page if support[line] <= common and len(line.split()) >= OWN_WORDS}
        marks = {number(line) for line in sorted(own, key=lambda line: (-len(line), line))[:MARKS]}
        shared = Counter(other for mark in marks for other in seen[mark])
        if not marks or any(2 * n > len(marks) for n in shared.values()):
            continue
        for mark in marks:
            seen[mark].add(len(chosen))
        chosen.append(page)
    return chosen


MARKS = 8
"""Lines by which an article is known."""

# --- what is protected ----------------------------------------------------------------------------------------------

_QUOTED = re.compile(r"^[\"'\u00ab\u2039]|\"[^\"]*\s[^\"]*\s[^\"]*\"")
_BYLINE = re.compile(r"(?:by|words|text|story|report)\b:? (?:\{name\}|[A-Z])", re.IGNORECASE)
_DATELINE = re.compile(
    r"[A-Z][A-Z .,'/-]{2,40}(?:,[^()]{0,30})?(?:\([^)]{2,30}\))? ?[-\u2013\u2014]"
    r"|\([A-Z][\w /]{1,20}\) ?[-\u2013\u2014]"
)
_NOTE = re.compile(
    r"\(?(?:(?:additional )?(?:reporting|writing|editing)|correct(?:s|ion|ed)|clarification|editor['\u2019]?s note"
    r"|updates?|this (?:story|article) (?:has been|was) (?:corrected|updated|amended))\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]{2}")


def is_protected(unit: str) -> bool:
    """Whether a line or frame that repeats is article text all the same, or no words at all."""
    unit = unit.strip(" ")
    fixed = _PLACEHOLDER.sub("", unit)
    return (
        not _LETTERS.search(fixed)
        or any(p.match(unit) for p in (_BYLINE, _DATELINE, _NOTE))
        or _QUOTED.search(unit) is not None
        or unit.count("{number}") > 1
    )


def _without_subheads(pages: Sequence[Sequence[str]], lines: dict[str, int], frames: Container[str]) -> dict[str, int]:
    """The lines without short ones that stand between paragraphs: subheads of a form that the site repeats."""
    short = {line for line in lines if len(line.split()) <= SHORT}
    places: Counter[str] = Counter()
    in_run: Counter[str] = Counter()
    for page in pages if short else ():
        fold = [folded(line) for line in page]
        repeated = [line in lines or frame(line) in frames for line in fold]
        for at, line in enumerate(fold):
            if line in short:
                beside = [repeated[n] for n in (at - 1, at + 1) if 0 <= n < len(fold)]
                places[line] += 1
                in_run[line] += len(beside) < 2 or any(beside)
    return {line: n for line, n in lines.items() if line not in short or in_run[line] >= IN_RUN * places[line]}


# --- frames ---------------------------------------------------------------------------------------------------------

_PLACEHOLDER = re.compile(r"\{\w+\}")
_DATES = re.compile(rf"\b{DATE}", re.IGNORECASE)
_TIMES = re.compile(rf"\b{TIME}", re.IGNORECASE)
_NUMBERS = re.compile(r"(?<![\w{])\d+(?:[.,:]\d+)*(?!\w)")
_NAMES = re.compile(rf"(?<=[^\s.!?] ){NAME_WORD}(?: {NAME_WORD})*")
_FUNCTION = frozenset(
    "a an and are as at be been by for from has have he her his in into is it its more of on or our she that the "
    "their they this to was we were will with you your".split()
)


def frame(line: str) -> str:
    """A line with placeholders for its dates, times, numbers and names; "" for what can be none.

    >>> frame("Published 5 January 2024, 10:30 in Harbour News")
    'Published {date}, {time} in {name}'
    """
    if "{" in line or "}" in line:
        return ""
    text = folded(line)
    for pattern, name in ((_DATES, "{date}"), (_TIMES, "{time}"), (_NUMBERS, "{number}"), (_NAMES, "{name}")):
        text = pattern.sub(name, text)
    return text


def _sentences(pages: Sequence[Sequence[str]]) -> dict[str, int]:
    """What repeats at the edges of paragraphs: as it is where it is always the same, else as a frame."""
    exact = _found("sentence", pages, lambda page: (folded(s) for s in _edge_sentences(page) if "{" not in s))
    framed = _found("sentence", pages, lambda page: map(frame, _edge_sentences(page)))
    for text, count in exact.items():
        if framed.get(frame(text), 0) <= MORE * count:
            framed.pop(frame(text), None)
            framed[text] = count
    return {text: count for text, count in framed.items() if _is_frame(text, whole_line=False)}


MORE = 1.1
"""A frame must stand on so many times the pages of the most frequent sentence of this form, to say more than it."""


def _edge_sentences(page: Sequence[str]) -> Iterator[str]:
    """The first and the last sentences of the lines that have several."""
    for line in page:
        first, last = edges(line)
        if len(first) < len(line):
            yield from (first, last)


def _is_frame(text: str, whole_line: bool) -> bool:
    """Whether enough of a frame is fixed: two words that say something, or one beside a date or a number; of a
    sentence in a paragraph, four words in all."""
    fixed = _PLACEHOLDER.sub(" ", text)
    words = re.findall(r"[^\W\d_]{2,}", fixed)
    telling = [word for word in words if word.lower() not in _FUNCTION]
    dated = "{date}" in text or "{number}" in text or "{time}" in text
    if whole_line and "{" not in text:
        return False
    enough = len(telling) >= (1 if dated and "{name}" not in text else 2) if whole_line else len(telling) >= 3
    try:
        Pattern.read(text)
    except ConfigError:
        return False
    return enough and (whole_line or len(words) >= 4)
