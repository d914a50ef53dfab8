r"""Characters written out as escapes: `caf\u00e9`, `\xc3\xa9`, `caf%C3%A9`, `caf=C3=A9`, `don<U+2019>t`.

Escapes are legitimate text too, in code, addresses and writing about computers, so they are decoded only on strong
evidence: what they stand for is not ASCII; it forms whole, printable characters; it stands inside or at the edge of a
word as a letter or a mark would; the line does not look like code; and the document does not write the same character
plainly elsewhere, for then the escape is meant.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cleaner.edits import Edit
from cleaner.late import late

UNICODE = "unicode_escape"
BYTES = "byte_escape"
PERCENT = "percent_escape"
PERCENT_SPACE = "percent_escaped_space"
QUOTED_PRINTABLE = "quoted_printable"
CODE_POINT = "code_point_tag"


@dataclass(frozen=True, slots=True)
class _Form:
    """One way of writing a character out: `run` finds runs of it, `unit` the digits of each piece of a run."""

    rule: str
    sign: str
    run: re.Pattern[str]
    unit: re.Pattern[str]
    is_bytes: bool


_FORMS = (
    _Form(
        UNICODE,
        "\\",
        late(r"(?<!\\)(?:\\u[0-9a-fA-F]{4}|\\U000[01][0-9a-fA-F]{4}|\\u\{[0-9a-fA-F]{2,6}\})+"),
        late(r"\\[uU]\{?([0-9a-fA-F]{2,8})\}?"),
        False,
    ),
    _Form(
        BYTES,
        "\\",
        late(r"(?<!\\)(?:\\x[89a-fA-F][0-9a-fA-F]){2,}"),
        late(r"\\x(..)"),
        True,
    ),
    _Form(
        PERCENT,
        "%",
        late(r"(?:%[89a-fA-F][0-9a-fA-F]){2,}"),
        late(r"%(..)"),
        True,
    ),
    _Form(
        QUOTED_PRINTABLE,
        "=",
        late(r"=[C-F][0-9A-F](?:=\n?[89A-F][0-9A-F])+"),
        late(r"=\n?([89A-F][0-9A-F])"),
        True,
    ),
    _Form(
        CODE_POINT,
        "<",
        late(r"(?:<U\+[0-9A-Fa-f]{4,8}>)+"),
        late(r"<U\+([0-9A-Fa-f]{4,8})>"),
        False,
    ),
)


def escape_edits(text: str) -> list[Edit]:
    """An edit for each run of escapes that is to be decoded."""
    edits = [edit for form in _FORMS if form.sign in text for edit in _form_edits(text, form)]
    if "%20" in text:
        edits += _space_edits(text)
    if any(edit.rule == QUOTED_PRINTABLE for edit in edits):
        edits += _soft_line_ends(text)
    return _disjoint(sorted(edits, key=lambda edit: edit.start))


def _disjoint(edits: list[Edit]) -> list[Edit]:
    kept: list[Edit] = []
    for edit in edits:
        if not kept or kept[-1].end <= edit.start:
            kept.append(edit)
    return kept


@dataclass(frozen=True, slots=True)
class _Run:
    start: int
    end: int
    meaning: str


def _form_edits(text: str, form: _Form) -> list[Edit]:
    runs = list(_runs(text, form))
    if not runs or not any(_is_embedded(text, run) for run in runs):
        return []
    code = _Code(text)
    runs = [run for run in runs if not _is_code(text, run, form, code)]
    if not any(_is_embedded(text, run) for run in runs):
        return []
    plain = set(text)
    if any(char in plain for run in runs for char in run.meaning):
        return []
    return [Edit(run.start, run.end, run.meaning, "repair", form.rule) for run in runs]


def _runs(text: str, form: _Form) -> Iterator[_Run]:
    for match in form.run.finditer(text):
        run = match.group()
        meaning = _meaning_of_few(form, run) if len(run) <= _FEW else _meaning(form, run)
        if meaning is not None:
            yield _Run(match.start(), match.end(), meaning)


_FEW = 40  # code units of a run that is kept in mind: a letter or two, the same ones again and again


@lru_cache(maxsize=1024)
def _meaning_of_few(form: _Form, run: str) -> str | None:
    return _meaning(form, run)


def _meaning(form: _Form, run: str) -> str | None:
    """What a run stands for; None unless it is whole, printable and not ASCII."""
    digits = form.unit.findall(run)
    try:
        if form.is_bytes:
            meaning = bytes(int(pair, 16) for pair in digits).decode()
        else:
            units = "".join(chr(int(point, 16)) for point in digits)
            meaning = units.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except (ValueError, OverflowError):
        return None
    return meaning if all(_is_wanted(char) for char in meaning) else None


def _is_wanted(char: str) -> bool:
    """Printable, or what mojibake is made of, or an invisible that is dealt with later; never ASCII."""
    point = ord(char)
    return point > 0x7F and (char.isprintable() or point < 0xC0 or 0x2000 <= point <= 0x206F or char in "\u3000\ufeff")


# Signs that a line is code or writing about code: patterns, JSON, string literals, calls, prompts.
_CODE = late(
    r"""
    \[\^?\\[ux] | \[[^\]\n]{0,40}\\[ux][0-9a-fA-F]{2,4}- | \\[dwsbDWSB][+*?\]\[{(] | \(\?[:=!]     # patterns
    | "\s*:\s*["\[{] | [{\[]\s*" | => | ===?\s | [)\]}"'];\s*$ | `                                  # JSON, operators
    | \b(?:print|printf|regex|decode|encode|unescape)\( | \b(?:re|str|JSON)\.\w+\(
    | \b(?:const|var|let|def)\s+\w+\s*[=(] | \b[bur]{1,2}["'][^"'\n]{0,80}\\
    """,
    re.MULTILINE | re.VERBOSE,
)
_TALK = late(
    r"\bescap(?:e[sd]?|ing) (?:sequence|character|code)|unicode|code ?point|backslash|\bjson\b|regex|regular expression"
    r"|\bUTF-?\d|\b(?:en|de)cod|\bASCII\b|hexadecimal|\bHTML\b",
    re.IGNORECASE,
)
_ADDRESS = late(
    r"://|www\.|\w\.(?:com|org|net|io|gov|edu|de|fr|uk|html?|php|aspx?|pdf|jpe?g|png)\b|[?&]\w+=|^/|/\w+/|\\\\", re.I
)


_REACH = 400  # characters on either side in which code makes a run suspect


class _Code:
    """Where a text looks like code, found in one pass."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = sorted(match.start() for pattern in (_CODE, _TALK) for match in pattern.finditer(text))

    def is_near(self, run: _Run) -> bool:
        """Whether code stands in the same line, at most `_REACH` characters away."""
        at = bisect_left(self._starts, run.start - _REACH)
        if at == len(self._starts) or self._starts[at] > run.end + _REACH:
            return False
        start, end = _line(self._text, run)
        at = bisect_left(self._starts, start)
        return at < len(self._starts) and self._starts[at] < end


def _line(text: str, run: _Run) -> tuple[int, int]:
    return _around(text, run, "\n", _REACH)


def _is_code(text: str, run: _Run, form: _Form, code: _Code) -> bool:
    if code.is_near(run):
        return True
    quoted = text[max(run.start - 1, 0) : run.start] + text[run.end : run.end + 1]
    if quoted in ("[]", "{}") or (quoted in ('""', "''") and len(run.meaning) == 1):
        return True
    if form.sign not in "%=":
        return False
    start, end = _around(text, run, " \n\t", _REACH)
    return _ADDRESS.search(text[start:end]) is not None


def _around(text: str, run: _Run, separators: str, reach: int) -> tuple[int, int]:
    """The bounds of the stretch between separators that holds the run, cut at `reach` characters on either side."""
    first = max(run.start - reach, 0)
    start = max(text.rfind(separator, first, run.start) for separator in separators) + 1
    ends = [end for separator in separators if (end := text.find(separator, run.end, run.end + reach)) >= 0]
    return max(start, first), min(ends, default=run.end + reach)


_DASHES = frozenset("\u2013\u2014\u2015\u2026\u2022\u00b7\u20ac\u00a3")

_WORDS = frozenset("àáéèíóòú")  # of one letter, in Romance languages


def _is_embedded(text: str, run: _Run) -> bool:
    """Whether the run stands as a letter in a word, a mark at a word, or a dash between words."""
    before, after = text[max(run.start - 2, 0) : run.start], text[run.end : run.end + 2]
    if len(run.meaning) > 1 and any(char.isalpha() for char in run.meaning):
        return True
    if before[-1:].isalnum() or after[:1].isalnum():
        return True
    if run.meaning in _WORDS:
        return bool(before.strip()) or bool(after.strip())
    if run.meaning[0] in _DASHES:
        return bool(before) and bool(after)
    return before[-1:] in tuple(".,!?;:)'\"") if before else after[:1].isalpha()


# ------------------------------------------------------------------------------------------ spaces, soft line ends

_ESCAPED_WORDS = late(r"(?<!\S)[A-Za-z,.'!?;:-]+(?:%20[A-Za-z0-9,.'!?;:-]+){2,}(?!\S)")
_EXTENSION = late(r"\.\w{2,4}$|^\w+:|@")


def _space_edits(text: str) -> list[Edit]:
    """`%20` between at least three plain words, in what is neither an address nor a file name."""
    edits: list[Edit] = []
    code = _Code(text)
    for match in _ESCAPED_WORDS.finditer(text):
        if _EXTENSION.search(match.group()) or code.is_near(_Run(match.start(), match.end(), "")):
            continue
        for space in re.finditer("%20", match.group()):
            start = match.start() + space.start()
            edits.append(Edit(start, start + 3, " ", "repair", PERCENT_SPACE))
    return edits


def _soft_line_ends(text: str) -> list[Edit]:
    return [
        Edit(match.start(), match.end(), "", "repair", QUOTED_PRINTABLE)
        for match in re.finditer(r"(?<=\S)=\n|=20(?=\n)", text)
    ]
