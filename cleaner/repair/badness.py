"""ftfy's test for mojibake, many times faster: a text is bad where characters meet that clean text does not put
together.

ftfy's `BADNESS_RE` tries some forty alternatives at every character. Here each alternative is turned around its rarest
character, the pivot, so that one character class is all that most characters are compared with. Quotation marks,
dashes, lower-case Greek and Cyrillic and every other script are no pivots. A test holds that both expressions find
the same texts.

Source: `ftfy.badness` 6.3 (Apache 2.0), whose categories are used as they are.
"""

from __future__ import annotations

import re

from ftfy.badness import MOJIBAKE_CATEGORIES

from cleaner.late import late
from cleaner.repair.misreadings import Misreading, misreadings

_C = MOJIBAKE_CATEGORIES
_C1, _BAD, _LAW, _CURRENCY, _NUMERIC = _C["c1"], _C["bad"], _C["law"], _C["currency"], _C["numeric"]
_START, _END, _BOX, _KAOMOJI, _COMMON = (
    _C["start_punctuation"],
    _C["end_punctuation"],
    _C["box"],
    _C["kaomoji"],
    _C["common"],
)
_UPPER, _LOWER = _C["upper_accented"], _C["lower_accented"]
_UPPER_COMMON, _LOWER_COMMON = _C["upper_common"], _C["lower_common"]

# The pivots, each with what may stand before it (a look-behind that ends with the pivot) and what must follow.
# `.` in a look-behind is the pivot itself, which the group has tested already.
_BESIDE_BAD = _LOWER + _UPPER + _BOX + _START + _END + _CURRENCY + _NUMERIC + _LAW
_ARABIC = f"[{_COMMON}{_CURRENCY}{_BAD}{_NUMERIC}{_START}ŸŠ®°µ»]"
_EASTERN = _C1 + _BAD + _START + _END + _CURRENCY

Groups = tuple[tuple[str, tuple[str, ...]], ...]

_GROUPS: Groups = (
    # pivot, alternatives after it
    (
        _LOWER,
        (
            f"(?<=[{_BOX}{_END}{_CURRENCY}{_NUMERIC}].)",
            rf"[{_START}{_END}](?:\w|(?<=[{_END}])[{_START}])",
            "(?<=œ)[^A-Za-z]",
            "(?<=à)[²µ¹¼½¾]",
        ),
    ),
    (_C1, ("",)),
    (
        _UPPER,
        (
            f"(?<=[{_LOWER}{_LOWER_COMMON}{_BOX}{_END}{_CURRENCY}{_NUMERIC}].)",
            rf"[{_START}{_END}](?:\w|(?<=[{_END}])[{_START}])",
            f"(?<=[a-z].)[{_START}{_CURRENCY}]",
            "°",
            "(?<=Œ)[^A-Za-z]",
            rf"(?<=[ÂÃÎÐ])[€œŠš¢£Ÿž\xa0\xad®©°·»{_START}{_END}–—´]",
            "(?<=[a-z][ÃÂ])[ ]",
            r"(?<=[a-z]\s[ÃÂ])[ ]",
            "(?<=^[ÃÂ])[ ]",
            "(?<=Ã)[\xa0¡]",
            f"(?<=[a-z.,?!{_END}]Â)[ {_START}{_END}]",
            f"(?<=Ø){_ARABIC}[ØÙ]{_ARABIC}",
        ),
    ),
    (
        _BAD,
        (
            f"(?<=[{_BAD}{_BESIDE_BAD}].)",
            f"(?<=[a-zA-Z][{_LOWER_COMMON}{_UPPER_COMMON}].)",
            f"[{_BESIDE_BAD}]",
        ),
    ),
    (
        _CURRENCY,
        (
            f"(?<=[{_LOWER}{_BOX}{_END}].)",
            rf"(?<=\s[{_UPPER}].)",
            f"[{_START}]|[{_END}][{_START}]",
            "(?<=β€)[™\xa0Ά\xad®°]",
            "(?<=ā€)",
        ),
    ),
    (
        _NUMERIC + _LAW,
        (
            f"(?<=[{_UPPER}{_BOX}].)",
            f"(?<=[{_LOWER}{_UPPER}{_BOX}{_CURRENCY}{_END}][{_START}][{_NUMERIC}])",
            f"[{_END}][{_START}]",
            f"(?<=[{_NUMERIC}])[{_START}]",
            "(?<=×)[²³]",
            "(?<=√)[±∂†≠®™´≤≥¥µø]",
            "(?<=≈)[°¢]",
        ),
    ),
    (
        _BOX,
        (
            f"(?<=[{_LOWER}{_UPPER}{_CURRENCY}{_NUMERIC}{_START}{_END}{_LAW}].)",
            f"[{_KAOMOJI}{_START}{_END}]",
        ),
    ),
    ("Ù", (f"{_ARABIC}[ØÙ]{_ARABIC}",)),
    ("‚", ("Ä[ìîïòôúùû†°¢π]", "[âó][àä°ê]")),
    ("Ђ", ("(?<=вЂ)",)),
    ("ВГРС", (f"[{_EASTERN}°µ][ВГРС]", "(?<=Г)ўВЂВ.[A-Za-z ]")),
    ("ΒΓΞΟ", (f"[{_EASTERN}°][ΒΓΞΟ]",)),
)


def _pattern(groups: Groups) -> str:
    """One expression that finds what any group finds. The pivots of the first group are frequent in clean text, so
    where its alternatives fail the others are not tried."""
    pivots = "".join(pivot for pivot, _ in groups)
    (frequent, first), rest = groups[0], groups[1:]
    branches = "|".join(f"(?<=[{pivot}])(?:{'|'.join(alternatives)})" for pivot, alternatives in rest)
    return f"[{pivots}](?:(?<=[{frequent}])(?:{'|'.join(first)})|(?<![{frequent}])(?:{branches}))"


BAD_LINE = late(lambda: _pattern(_GROUPS))
"""Finds a match in exactly the lines in which ftfy's `BADNESS_RE` does."""


_EASTERN_LEADS = {"utf8_read_as_windows_1251": "РС", "utf8_read_as_windows_1253": "ΞΟ"}


def _embedded() -> Groups:
    """Beyond ftfy: an accented letter, misread, inside a Latin word. The pivots are what C2 to C5 are read as;
    for the Latin encodings up to C9, with the letters of Romanian."""
    groups: list[tuple[str, tuple[str, ...]]] = []
    for misreading in misreadings():
        leads, tails = _leads_and_tails(misreading)
        before = "a-z" if misreading.latin else "a-zA-Z"
        inside = (f"(?<=[{before}].)[{tails}]", rf"[{tails}](?:[a-z\d]|[CF]\b)", r"[©¨³²\xa0](?:[\s.,;:!?]|$)")
        groups.append((leads, inside))
        if misreading.rule in _EASTERN_LEADS:  # two characters of a word in that script
            leads = _EASTERN_LEADS[misreading.rule]
            groups.append((leads, (f"[{tails}][{leads}]",)))
    groups += [("€Ђ", ("(?<=[βāв].)",)), ("‚", ("Ä",)), ("Γ", ("[À-ÿ]",))]  # E2 80, the beginning of punctuation
    # Cyrillic and other scripts: a rare symbol after what their leading bytes are read as.
    groups.append((_BAD + _CURRENCY + _NUMERIC + _LAW, ("(?<=[–—В-Яа-пΒ-Ωα-ο].)",)))
    return tuple(groups)


def _leads_and_tails(misreading: Misreading) -> tuple[str, str]:
    """What the first and the second byte of an accented letter are read as."""
    return misreading.characters(0xC2, 0xC9 if misreading.latin else 0xC5), misreading.characters(0x80, 0xBF)


JUNK = "\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060\u2066-\u206f"
JUNK += "\ud800-\udfff\ufeff\ufff9-\ufffc"
"""Controls, soft hyphen, Arabic letter mark, zero-width and directional marks, separators, halves of surrogate pairs,
byte order mark, annotation marks; as a character class."""

SUSPICIOUS = late(lambda: _pattern((*_GROUPS, *_embedded())), re.MULTILINE)
"""Finds a match in every text that `cleaner.repair.lines` may change, of however many lines; in some clean ones too."""


_ANY = "\\x00-\uffff"
_NO_LETTER = "\\x00-@\\[-`{-\uffff"


def meetings() -> tuple[tuple[str, str], ...]:
    """Pairs of character classes, of which every match of `SUSPICIOUS` has one character beside the other.

    The coarse side of the expressions above, in their order: where no character of a first class stands before one of
    its second class, none of them can match. A test holds the two together.
    """
    marks, amounts = _START + _END, _NUMERIC + _LAW
    return (
        (_BOX + _END + _CURRENCY + _NUMERIC, _LOWER),
        (_LOWER + _UPPER + _BOX + _CURRENCY, marks),
        ("œŒ", _NO_LETTER),
        ("à", "²µ¹¼½¾"),
        (_C1, _ANY),
        (_LOWER + _LOWER_COMMON + _BOX + _END + _CURRENCY + _NUMERIC, _UPPER),
        (_UPPER, _CURRENCY + "°"),
        ("ÂÃÎÐ", f"€œŠš¢£Ÿž\xa0\xad®°©·»{_START}{_END}–—´"),
        ("ÃÂ", f"  \xa0¡{_START}{_END}"),
        ("ØÙ", _ARABIC.strip("[]")),
        (_BAD + _BESIDE_BAD + _LOWER_COMMON + _UPPER_COMMON, _BAD),
        (_BAD, _BESIDE_BAD),
        (_LOWER + _UPPER + _BOX + _END + "ā", _CURRENCY),
        ("€", "™\xa0Ά\xad®°"),
        (_UPPER + _BOX, amounts),
        (_START, _NUMERIC),
        (amounts, _END),
        (_NUMERIC, _START),
        ("×", "²³"),
        ("√", "±∂†≠®™´≤≥¥µø"),
        ("≈", "°¢"),
        (_LOWER + _UPPER + _CURRENCY + _NUMERIC + marks + _LAW, _BOX),
        (_BOX, _KAOMOJI + marks),
        ("‚", "Äâó"),
        ("βāв", "€Ђ"),
        ("ВГРС", _EASTERN + "°µў"),
        ("ΒΓΞΟ", _EASTERN + "°"),
        ("Γ", "À-ÿ"),
        ("–—В-Яа-пΒ-Ωα-ο", _BAD + _CURRENCY + _NUMERIC + _LAW),
        *((leads, tails + "©¨³²\xa0") for leads, tails in map(_leads_and_tails, misreadings())),
        *((_EASTERN_LEADS[m.rule], _leads_and_tails(m)[1]) for m in misreadings() if m.rule in _EASTERN_LEADS),
    )


def is_bad(line: str) -> bool:
    """Whether `line` seems to hold mojibake; the same as `ftfy.badness.is_bad`."""
    return not line.isascii() and BAD_LINE.search(line) is not None


def badness(text: str) -> int:
    """How many places of `text` seem to be mojibake, each pivot counted once."""
    return 0 if text.isascii() else sum(1 for _ in BAD_LINE.finditer(text))
