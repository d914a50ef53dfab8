"""Single characters that do not belong in text: controls, invisibles, foreign line ends, surrogates.

What carries meaning stays: joiners and non-joiners in the scripts that write with them and in emoji, directional
marks in lines with right-to-left script, zero-width spaces where words are not set apart by spaces, variation
selectors, and the no-break space everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from ftfy.chardata import LIGATURES, WIDTH_MAP

from cleaner.edits import Edit
from cleaner.late import late
from cleaner.repair.alignment import Repaired, differences
from cleaner.repair.badness import is_bad
from cleaner.repair.reasons import NORMALIZATION

LINE_BREAK = "line_break"
SURROGATE = "surrogate"
TERMINAL = "terminal_escape"
CONTROL = "control_character"
INVISIBLE = "invisible_character"
QUOTE = "uncurled_quote"
LIGATURE = "ligature"
WIDTH = "character_width"

# ------------------------------------------------------------------------------------------------------- line breaks

_SEPARATORS = late("[\u2028\u2029]")
_NEL = late("\x85")
# NEL and the ellipsis that Windows-1252 has at the same byte: a line ends after a sentence and the next one begins at
# once.
_NEL_ENDS_LINE = late(r"[.!?:;\u3002\uff01\uff1f\u2026\"'\u201d\u2019\u00bb\u201c)\]\u0964]\x85(?=[^\s.,;:!?)]|\Z)")
_OTHER_C1 = late("[\x80-\x84\x86-\x9f]")


def line_break_edits(text: str) -> list[Edit]:
    """LINE SEPARATOR, PARAGRAPH SEPARATOR and NEXT LINE become line feeds."""
    edits: list[Edit] = []
    if "\u2028" in text or "\u2029" in text:
        edits += [_edit(match, "\n", LINE_BREAK) for match in _SEPARATORS.finditer(text)]
    if "\x85" in text and _nel_is_line_end(text):
        edits += [_edit(match, "\n", LINE_BREAK) for match in _NEL.finditer(text)]
        edits.sort(key=lambda edit: edit.start)
    return edits


def _nel_is_line_end(text: str) -> bool:
    """Whether U+0085 ends lines in this document: at least half of them stand where a line can end, and no other C1
    control says that the text is Windows-1252 read as Latin-1."""
    total = text.count("\x85")
    return 2 * sum(1 for _ in _NEL_ENDS_LINE.finditer(text)) >= total and not _OTHER_C1.search(text)


def _edit(match: re.Match[str], replacement: str, rule: str) -> Edit:
    return Edit(match.start(), match.end(), replacement, "repair", rule)


# ------------------------------------------------------------------------------------------- surrogates and controls

_SURROGATES = late("[\ud800-\udfff]+")


def surrogate_edits(text: str) -> list[Edit]:
    """Two halves of a character become the character, a half alone becomes U+FFFD."""
    if _encodable(text):
        return []
    return [_edit(match, _whole(match.group()), SURROGATE) for match in _SURROGATES.finditer(text)]


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _whole(found: str) -> str:
    return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


_TERMINAL = late("\x1b\\[[\\d;]*[a-zA-Z]")


def terminal_edits(text: str) -> list[Edit]:
    """ANSI colour codes and cursor movements go."""
    return [_edit(match, "", TERMINAL) for match in _TERMINAL.finditer(text)] if "\x1b" in text else []


# What ftfy removes: https://www.unicode.org/reports/tr20/tr20-9.html ("characters not suitable for use with markup").
_CONTROLS = late("[\x00-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]+")


def control_edits(text: str) -> list[Edit]:
    """ASCII controls, deprecated format characters, annotation marks and byte order marks go."""
    return [_edit(match, "", CONTROL) for match in _CONTROLS.finditer(text)]


# -------------------------------------------------------------------------------------------------------- invisibles

_INVISIBLE = late("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069]+")
_RTL = late("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]")
_DIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Beside these the remaining invisibles are junk: Latin, Greek, Cyrillic, Armenian, Georgian, and what goes with any
# script.
_EUROPEAN = late(
    "[\\x00-\u02ff\u0300-\u036f\u0370-\u05ff\u10a0-\u10ff\u1c80-\u1c8f\u1d00-\u1fff\u2000-\u206f\u20a0-\u20cf\u2100-\u214f"
    "\u2c60-\u2c7f\u2de0-\u2dff\u2e00-\u2e7f\ua640-\ua69f\ua720-\ua7ff\ufb00-\ufb06\ufffd]"
)
_JOINERS = frozenset("\u200c\u200d")
_SYMBOL = late("[\u2190-\u21ff\u2300-\u2bff\ufe0e\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f]")


def invisible_edits(text: str) -> list[Edit]:
    """Zero-width characters, soft hyphens and directional marks go where they mean nothing."""
    found = list(_INVISIBLE.finditer(text))
    if not found:
        return []
    rtl = _RightToLeft(text)
    return [edit for match in found for edit in _invisible(match, rtl)]


class _RightToLeft:
    """Which lines hold right-to-left script; looked for in one pass, when it is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._end = -1
        self._answer = False
        self._next = 0  # where the next right-to-left letter is, from the last one that was asked for

    def in_line_at(self, at: int) -> bool:
        """Whether there is some in the line of the character at `at`; to be asked in ascending order."""
        if at > self._end:
            start = self._text.rfind("\n", max(self._end, 0), at) + 1 or max(self._end + 1, 0)
            end = self._text.find("\n", at)
            self._end = len(self._text) if end < 0 else end
            self._answer = self._first_from(start) < self._end
        return self._answer

    def _first_from(self, start: int) -> int:
        if self._next < start or not self._next:
            match = _RTL.search(self._text, start)
            self._next = match.start() if match else len(self._text) + 1
        return self._next


def _invisible(match: re.Match[str], rtl: _RightToLeft) -> Iterator[Edit]:
    """The junk in one run of invisibles, as one edit for each stretch without a meaningful one."""
    text, (at, end) = match.string, match.span()
    run = match.group()
    european = symbol = False  # what stands beside the run; marks of direction do not ask
    if not _DIRECTIONAL.issuperset(run):
        european = _is_european(text, at - 1) and _is_european(text, end)
        symbol = _is_symbol(text, at - 1) or _is_symbol(text, end)
    for index, char in enumerate(run, at):
        if char in _DIRECTIONAL:
            junk = not rtl.in_line_at(index)
        elif char in _JOINERS:
            junk = european and not symbol
        elif char == "\xad" and is_bad(text[max(index - 2, 0) : index + 3]):
            junk = False  # half of a misread letter
        else:
            junk = european or (symbol and char != "\u2060")
        if not junk:
            if at < index:
                yield Edit(at, index, "", "repair", INVISIBLE)
            at = index + 1
    if at < end:
        yield Edit(at, end, "", "repair", INVISIBLE)


def _is_european(text: str, at: int) -> bool:
    """Whether nothing, or a character of a European script or of no script, stands at `at`."""
    return not 0 <= at < len(text) or _EUROPEAN.match(text, at) is not None


def _is_symbol(text: str, at: int) -> bool:
    return 0 <= at < len(text) and _SYMBOL.match(text, at) is not None


# ----------------------------------------------------------------------------------------------------------- options

_QUOTES = late("[\u02bc\u2018-\u201f]")
_LIGATURE = late(f"[{''.join(map(chr, LIGATURES))}]")
_WIDTH = late("[\u3000\uff01-\uffef]")


def quote_edits(text: str) -> list[Edit]:
    """Curly quotes become straight ones. Harm: typography that was meant."""
    return [
        _edit(match, '"' if match.group() in "\u201c\u201d\u201e\u201f" else "'", QUOTE)
        for match in _QUOTES.finditer(text)
    ]


def ligature_edits(text: str) -> list[Edit]:
    """Latin ligatures become letters. Harm: digraphs that are letters of their own."""
    return _translate(text, _LIGATURE, lambda char: LIGATURES[ord(char)], LIGATURE)


def width_edits(text: str) -> list[Edit]:
    """Full-width and half-width forms become the usual ones. Harm: East Asian typography."""
    return _translate(text, _WIDTH, lambda char: WIDTH_MAP.get(ord(char), char), WIDTH)


def normalization_edits(text: str, form: str) -> list[Edit]:
    """The text in a Unicode form. Harm: any comparison with the source; NFKC loses what tells characters apart."""
    normal = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    return [] if normal == text else differences(text, Repaired(0, len(text), normal, NORMALIZATION))


def _translate(text: str, pattern: re.Pattern[str], meaning: Callable[[str], str], rule: str) -> list[Edit]:
    found = ((match, meaning(match.group())) for match in pattern.finditer(text))
    return [_edit(match, replacement, rule) for match, replacement in found if replacement != match.group()]
