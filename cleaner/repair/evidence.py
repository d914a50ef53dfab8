"""The evidence of a whole document: which wrong encoding explains its damage, and which places have it.

ftfy judges each line alone and leaves what could be right: `für` that became `fĂĽr` is three letters of Central
European languages. Here every run of characters that are not ASCII is read back in every encoding. A run is

* strong where two characters or more come back, or a mark of three bytes;
* natural where one letter comes back and turns an impossible word (a capital or a symbol inside it, or two scripts)
into a
  possible one.

The encoding with the most of these sure runs is the one of the document, and with it the weaker runs are decided: one
that stands in a Latin word, one beside an accepted one, or one in a line in which most runs can be read back. A weak
run never brings in a script that no sure run has.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cleaner.late import late
from cleaner.repair.misreadings import RUN, Misreading, misreadings

_LINE_SHARE = 0.6  # of the runs of a line; above it the line as a whole was misread
_ALONE = 4  # characters that come back from one run, from which on it needs no other evidence


@dataclass(frozen=True, slots=True)
class Found:
    """A run that was misread: `text[start:end]` was `meaning`."""

    start: int
    end: int
    meaning: str
    rule: str


@dataclass(frozen=True, slots=True)
class _Run:
    """A run with its meaning in some encoding, "" for none, and whether that is sure by itself."""

    start: int
    end: int
    meaning: str
    sure: bool


def misread_runs(text: str) -> list[Found]:
    """The runs of `text` that were misread, in order; all in the encoding that explains the document best."""
    spans = [match.span() for match in RUN.finditer(text)]
    if not spans:
        return []
    gaps = _gaps(text)
    best: list[_Run] = []
    score, rule = 0, ""
    for misreading in misreadings():
        runs = _read(text, _with_lost_spaces(text, spans, gaps, misreading), misreading)
        evidence = _evidence(text, runs)
        if evidence > score:  # the first, more common one wins a tie
            score, rule, best = evidence, misreading.rule, runs
    return _all_accepted(text, best, rule)


def _all_accepted(text: str, runs: list[_Run], rule: str) -> list[Found]:
    scripts = {_script(char) for run in runs if run.sure for char in run.meaning if char.isalpha()} | {_LATIN}
    return [
        Found(run.start, run.end, run.meaning, rule)
        for line in _lines(text, runs)
        for run in _accepted(text, line, scripts)
    ]


def _read(text: str, spans: Sequence[tuple[int, int]], misreading: Misreading) -> list[_Run]:
    known: dict[str, str] = {}
    runs = []
    for start, end in spans:
        run = text[start:end]
        meaning = known.get(run)
        if meaning is None:
            meaning = known[run] = misreading.decode(run) or misreading.decode_with_spaces(run) or ""
        sure = bool(meaning) and (_is_strong(run, meaning) or _is_natural(text, start, end, meaning, misreading))
        runs.append(_Run(start, end, meaning, sure))
    return runs


def _evidence(text: str, runs: list[_Run]) -> int:
    """The characters that sure runs come to; 0 where the only sure run stands in a line that contradicts it."""
    sure = [run for run in runs if run.sure]
    if len(sure) == 1 and len(sure[0].meaning) < _ALONE and not _explains_line(text, sure[0]):
        return 0
    return sum(len(run.meaning) for run in sure)


def _explains_line(text: str, run: _Run) -> bool:
    """Whether all that is not ASCII in the line is this run; a line misread as a whole has nothing else."""
    first, last = text.rfind("\n", 0, run.start) + 1, text.find("\n", run.end)
    return text[first : run.start].isascii() and text[run.end : last if last >= 0 else len(text)].isascii()


_GAPPED = late(r"[^\x00-\x7f]+(?: [^\x00-\x7f]+)* ?")


def _gaps(text: str) -> list[tuple[int, int]]:
    """Stretches beyond ASCII with single spaces in them, which may be no-break spaces that belong to characters."""
    found = []
    for match in _GAPPED.finditer(text):
        start, end = match.span()
        if end - start > 3 and " " in match.group() and RUN.search(text, start, end):
            found.append((start, end))
    return found


def _with_lost_spaces(
    text: str, spans: list[tuple[int, int]], gaps: list[tuple[int, int]], misreading: Misreading
) -> list[tuple[int, int]]:
    """The same runs, those joined that can only be read back together: where no-break spaces became spaces."""
    joined = [gap for gap in gaps if misreading.decode_with_spaces(text[gap[0] : gap[1]])] if misreading.latin else []
    if not joined:
        return spans
    free = [span for span in spans if not _is_inside(span, joined)]
    return sorted([*free, *joined])


def _is_inside(span: tuple[int, int], joined: list[tuple[int, int]]) -> bool:
    at = bisect_right(joined, span[0], key=lambda other: other[0]) - 1
    return at >= 0 and span[0] < joined[at][1]


# -------------------------------------------------------------------------------------------------------- what is sure

_LATIN = 0
_WORDS = frozenset("éèóòà")  # words of one letter whose second byte is a symbol in most encodings
_SYMBOLS = frozenset("©¨³²\xa0")
_QUOTES = frozenset("\u2018\u2019\u201c\u201d'\xbb")


def _is_strong(run: str, meaning: str) -> bool:
    if len(meaning) == 1:  # three bytes or four: punctuation or a symbol; one ideograph alone is easily an accident
        return len(run) >= 3 and not meaning.isalpha() and not (run.isalpha() and _scripts(run) == 1)
    return _scripts(meaning) <= 1 or len(meaning) >= _ALONE


def _scripts(text: str) -> int:
    return len({_script(char) for char in text if char.isalpha()})


def _script(char: str) -> int:
    """A number for the script of a letter: its block, coarse enough that the letters of one language share it."""
    point = ord(char)
    if point < 0x250 or 0x1E00 <= point < 0x1F00:
        return _LATIN
    if 0x1F00 <= point < 0x2000:
        return 0x03  # Greek
    return point >> 8 if point < 0x1E00 else 0x30 if point < 0xAC00 else 0xAC


def _is_natural(text: str, start: int, end: int, meaning: str, misreading: Misreading) -> bool:
    """Whether one Latin letter or sign, put in the place of the run, makes a word of what was none."""
    if len(meaning) != 1 or end - start != 2 or _script(meaning) != _LATIN:
        return False
    before, after = _neighbours(text, start, end)
    if not meaning.isalpha():
        return _is_natural_sign(before, meaning, after)
    if not (_is_ascii_letter(before) or _is_ascii_letter(after)):
        return _is_natural_word(before, text[end - 1], meaning, after)
    if meaning.isupper() and (before.islower() or (before.isalpha() and after.islower())):
        return False  # the letter would itself be a capital inside a word
    if not misreading.latin:
        return True  # a symbol or another script inside a Latin word
    if text[end - 1] in _QUOTES and not before.isalpha():
        return False  # a letter in quotation marks, or with an apostrophe
    if before.islower():
        return True  # the first character of the run is a capital inside a word
    tail = text[end - 1]
    return after.islower() and not tail.islower() and (not tail.isalpha() or meaning.islower())


def _is_natural_sign(before: str, meaning: str, after: str) -> bool:
    """An amount of money, or degrees."""
    return (meaning in "£€¥" and not before.strip(" (\n") and after.isdigit()) or (
        meaning == "°" and before.isdigit() and after in tuple("CF")
    )


def _is_natural_word(before: str, tail: str, meaning: str, after: str) -> bool:
    """A word of one letter; with a no-break space for its second byte only where a space follows that."""
    if meaning not in _WORDS or tail not in _SYMBOLS or before.strip():
        return False
    return after == " " if tail == "\xa0" else not after.strip(" \n,.;:!?")


def _neighbours(text: str, start: int, end: int) -> tuple[str, str]:
    """The characters on either side, "" where the text ends."""
    return text[start - 1 : start] if start else "", text[end : end + 1]


def _is_ascii_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()


# -------------------------------------------------------------------------------------------------------- application


def _accepted(text: str, line: list[_Run], scripts: set[int]) -> list[_Run]:
    """The runs of a line that were misread, given that the document has such runs of these scripts."""
    runs = [run if run.sure or _fits(text, run, scripts) else replace(run, meaning="") for run in line]
    readable = [run for run in runs if run.meaning]
    if len(readable) > _LINE_SHARE * len(runs) and (len(readable) > 1 or _stands_alone(text, readable[0])):
        return readable
    chosen = [run.sure or (bool(run.meaning) and _belongs(text, run)) for run in runs]
    for order in (range(1, len(runs)), range(len(runs) - 2, -1, -1)):
        step = order.step
        for index in order:  # an accepted run carries its neighbours
            chosen[index] = chosen[index] or (bool(runs[index].meaning) and chosen[index - step])
    return [run for run, choice in zip(runs, chosen, strict=True) if choice]


def _fits(text: str, run: _Run, scripts: set[int]) -> bool:
    """Whether the letters of a weak run are of the document's scripts, and of the script of the word they stand in."""
    found = {_script(char) for char in run.meaning if char.isalpha()}
    before, after = _neighbours(text, run.start, run.end)
    return found <= ({_LATIN} if _is_ascii_letter(before) or _is_ascii_letter(after) else scripts)


def _belongs(text: str, run: _Run) -> bool:
    """Whether a weak run makes sense where it stands: a letter in a Latin word, a mark at its proper side of one."""
    before, after = _neighbours(text, run.start, run.end)
    if run.meaning in _OPENING:
        return after.isalnum()
    if run.meaning in _CLOSING:
        return before.isalnum() or before == "."
    return run.meaning.isalpha() and (_is_ascii_letter(before) or _is_ascii_letter(after))


_OPENING = frozenset("¿¡£")
_CLOSING = frozenset("ªº°²³")


def _stands_alone(text: str, run: _Run) -> bool:
    """Whether the only run of a line is a word of one letter, or belongs where it stands."""
    before, _ = _neighbours(text, run.start, run.end)
    return run.sure or _belongs(text, run) or (len(run.meaning) == 1 and run.meaning.isalpha() and not before.strip())


def _lines(text: str, runs: list[_Run]) -> Iterator[list[_Run]]:
    """The runs, line by line."""
    line: list[_Run] = []
    end = -1
    for run in runs:
        if run.start > end:
            if line:
                yield line
            line = []
            end = text.find("\n", run.start)
            end = len(text) if end < 0 else end
        line.append(run)
    if line:
        yield line
