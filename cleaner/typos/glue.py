"""Spacing inside a chunk: a missing space after punctuation, a stop that does not belong, punctuation typed twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from cleaner.edits import Edit
from cleaner.late import late
from cleaner.protect import DOMAIN_ENDINGS, ENGLISH, domain_like
from cleaner.typos.lexicon import Lexicon
from cleaner.typos.loose import code_around
from cleaner.typos.spelling import BEGINNINGS

_GLUED = late(
    r"(?P<left>[^\W\d_]+(?:['\u2019][^\W\d_]+)?)(?P<mark>[.,!?][\"\u201d]|[.,;:!?)])(?=(?P<right>[^\W\d_]+(?:['\u2019][^\W\d_]+)?))"
)
_MAY_BE_GLUED = late(r"[.,;:!?)](?<=[^\W\d_].)(?:(?<=[.,!?])[\"\u201d])?[^\W\d_]")
"""Finds something where `_GLUED` does. It begins with the mark, which is seldom, so it takes a tenth of the time."""
_QUOTES = '"\u201d'
_TWICE = late(r"(?<=[^\W_])(?P<extra>,(?=,)|;(?=;)|\.(?=\.))(?P<last>[,;.])(?P<tail>[\"\u201d')\u2019]*)$")
_TITLES = frozenset("mr mrs ms dr prof st gen sen rep gov lt col sgt capt rev hon jr sr no vs fig vol pp ph".split())
_FIRMS = frozenset("Inc Corp Co Ltd Plc Bros".split())
_SURE_TITLES = frozenset("Mr Mrs Ms Dr Prof Sen Rep Sens Reps Gov Gen Lt Col Sgt".split())
_PARTS = frozenset("s t d m re ll ve".split())
_CARRY_ON = frozenset(
    "the and was has had that for with are were from said which who would will could but not is of in on by as at to "
    "than have been its their his her they them this these those when while into over under after before about".split()
)
"""Words that carry a sentence on: with a stop glued in front of them in lower case, the stop is the error."""

PARAGRAPH = 2000
"""So many characters before a quotation mark say whether it opens or closes."""

_LOST_CHARACTERS = late("\ufffd|\\w\\?\\w")


def may_be_glued(chunk: str) -> bool:
    """Whether letters follow punctuation inside a chunk."""
    return _MAY_BE_GLUED.search(chunk) is not None


def may_be_twice(chunk: str) -> bool:
    """Whether a chunk ends with punctuation typed twice."""
    return _TWICE.search(chunk) is not None


def glued(text: str, start: int, end: int, lexicon: Lexicon, known: Callable[[str], bool]) -> Iterator[Edit]:
    """Repairs inside the chunk `text[start:end]`."""
    chunk = text[start:end]
    matches = list(_GLUED.finditer(chunk))
    if len(matches) > 3 and ", " not in text[max(0, start - 80) : end + 80]:
        return  # a list of values
    for match in matches:
        found = _judge(text, start, chunk, match, lexicon, known)
        if found is not None:
            yield found


def _judge(
    text: str, start: int, chunk: str, match: re.Match[str], lexicon: Lexicon, known: Callable[[str], bool]
) -> Edit | None:
    left, mark, right = match["left"], match["mark"], match["right"]
    at = start + match.end("mark")
    if mark == "." and _initial_or_title(text, start + match.start("left"), left, right):
        return _insert(at, 0.93)
    if right.lower() in _PARTS or (len(right) == 1 and right not in "aAI") or (len(left) == 1 and left not in "aI"):
        return None
    following = chunk[match.end("mark") + len(right) :][:1]
    if following and following in "_(@#0123456789":
        return None
    if left.lower() == right.lower() or (mark == ";" and left.isupper() and right.isupper()):
        return None  # context.Context, TL;DR
    if code_around(text, at):
        return None
    if mark[-1] in _QUOTES:
        return _after_quote(text, start + match.start("mark"), mark, left, right, known)
    if mark == ".":
        inner = (
            chunk[: match.start("left")].rstrip("(\"'\u201c\u2018")[-1:] in (".", "@", "-") and match.start("left") > 0
        )
        dotted = re.match(r"\.\w", chunk[match.end("mark") + len(right) :])
        return None if inner or dotted else _after_stop(text, at, left, right, lexicon, known)
    fits = {",": _comma, ";": _comma, ":": _colon, "!": _exclamation, "?": _question, ")": _bracket}[mark]
    return _insert(at, 0.97) if fits(text, at, left, right, known) else None


def _initial_or_title(text: str, at: int, left: str, right: str) -> bool:
    """George W.Bush, Mr.McGinley: the space is missing behind an initial with a name before it, or behind a title."""
    if (
        len(right) < 3
        or not right[0].isupper()
        or right.isupper()
        or (at and not (text[at - 1].isspace() or text[at - 1] in '("\u201c'))
    ):
        return False
    if left in _SURE_TITLES:
        return True
    return len(left) == 1 and left.isupper() and re.search(r"[A-Z][a-z]+ $", text[max(0, at - 20) : at]) is not None


def _insert(at: int, score: float) -> Edit:
    return Edit(at, at, " ", "typos", "missing_space", score)


def _after_stop(
    text: str, at: int, left: str, right: str, lexicon: Lexicon, known: Callable[[str], bool]
) -> Edit | None:
    """`at` is behind the stop."""
    if left.lower() in _TITLES:
        return None
    lower = right.lower().replace("\u2019", "'")
    if right.islower() and left in _FIRMS:
        return _insert(at, 0.93) if known(right) and len(right) > 2 and right not in DOMAIN_ENDINGS else None
    if right.islower():
        return (
            _stray(text, at, left.lower(), lower, lexicon)
            if left.islower() and known(left)
            else _stray_name(at, left, right)
        )
    if not (right == "I" or right[1:].islower() or right == "A"):
        return None
    if left.islower() and known(left):
        site = lower in DOMAIN_ENDINGS and lower not in ENGLISH
        return None if site or not (known(right) or _more_text(text, at + len(right))) else _insert(at, 0.98)
    if not _more_text(text, at + len(right)) or not (left[1:].islower() or (left.isupper() and len(left) > 1)):
        return None
    common = (lower in ENGLISH or (known(right) and "'" in lower)) and right != "A"
    plain = (
        len(left) > 4
        and known(left)
        and lower not in DOMAIN_ENDINGS
        and text[at + len(right) + 1 : at + len(right) + 2].islower()
    )
    return _insert(at, 0.95) if common or plain else None


def _more_text(text: str, at: int) -> bool:
    """Whether the sentence goes on with another word."""
    return re.match(r"[,;]? ['\"\u201c\u2018]?\w", text[at : at + 4]) is not None


def _stray(text: str, at: int, left: str, right: str, lexicon: Lexicon) -> Edit | None:
    """aim.is -> aim is: two words that often stand together, or that may, with a word that carries on."""
    if not _more_text(text, at + len(right)) or right not in lexicon.words or len(left) < 2 or len(right) < 2:
        return None
    seen = lexicon.pairs[f"{left} {right}"]
    gain = lexicon.left_gain(left, right)
    if (right in _CARRY_ON and (seen >= 1 or gain > -1.0 or right not in DOMAIN_ENDINGS)) or (seen >= 5 and gain > 1.0):
        return Edit(at - 1, at, " ", "typos", "stray_stop", 0.95)
    return None


def _stray_name(at: int, left: str, right: str) -> Edit | None:
    if right in _CARRY_ON and right not in DOMAIN_ENDINGS and left[1:].islower() and not domain_like(left, right):
        return Edit(at - 1, at, " ", "typos", "stray_stop", 0.9)
    return None


def _after_quote(text: str, at: int, mark: str, left: str, right: str, known: Callable[[str], bool]) -> Edit | None:
    """`night."The`: the space goes behind a closing mark; `said,"We`: before an opening one. `at` is before the
    stop."""
    if not (known(right) or right[0].isupper()) or not (known(left) or left[0].isupper()):
        return None
    opens = mark[1] == '"' and text[max(0, at - PARAGRAPH) : at].rpartition("\n")[2].count('"') % 2 == 0
    if opens and mark[0] == "," and right[0].isupper():
        return _insert(at + 1, 0.95)
    if opens and mark[0] == ".":
        return None if right[0].islower() else _insert(at + 2, 0.93)
    return _insert(at + 2, 0.96)


def _comma(text: str, at: int, left: str, right: str, known: Callable[[str], bool]) -> bool:
    if text[at - 1] == ";" and "&" in text[max(0, at - 10) : at]:
        return False
    if len(left) + len(right) < 4:
        return False
    if len(right) == 1 or len(left) == 1:
        return len(left) > 2 and _more_text(text, at + 1)
    if left[0].isupper() or right[0].isupper():
        return (known(left) or left[0].isupper()) and (known(right) or right[0].isupper())
    return (known(left) and len(left) > 1) or (known(right) and len(right) > 1)


def _colon(text: str, at: int, left: str, right: str, known: Callable[[str], bool]) -> bool:
    if text.startswith("//", at) or len(left) < 3 or not known(left) or not known(right):
        return False
    if right[0].isupper() and right[1:].islower() and (left.islower() or len(left) > 3):
        return True
    return right.lower() in ENGLISH or (
        left.islower() and right.islower() and len(right) > 2 and _more_text(text, at + len(right))
    )


def _exclamation(text: str, at: int, left: str, right: str, known: Callable[[str], bool]) -> bool:
    if left[0].isupper() and not (known(left) and right.lower() in ENGLISH and right[0].isupper()):
        return False
    return known(left) and right[0].isupper()


def _question(text: str, at: int, left: str, right: str, known: Callable[[str], bool]) -> bool:
    """Not where a question mark stands for a lost dash or quotation mark, which happens to a whole text at once."""
    nearby = _LOST_CHARACTERS.findall(text, max(0, at - 150), at + 150)
    return (
        len(nearby) < 2 and known(left) and right[0].isupper() and (known(right) or _more_text(text, at + len(right)))
    )


def _bracket(text: str, at: int, left: str, right: str, known: Callable[[str], bool]) -> bool:
    opening = text.rfind("(", max(0, at - 120), at)
    inside = text[opening + 1 : at - 1]
    if opening < 0 or "\n" in inside or ")" in inside or len(inside) < 3 or not known(right) or len(right) < 2:
        return False
    if " " not in inside and (known(inside + right) or not known(inside) or inside in BEGINNINGS):
        return False  # (neuro)science, (re)connect
    return opening == 0 or text[opening - 1].isspace()


def twice(text: str, start: int, end: int) -> Edit | None:
    """Punctuation typed twice at the end of the chunk `text[start:end]`: ",,", ";;", "..", but not "..." or "!!"."""
    match = _TWICE.search(text, max(start, end - 12), end) if end - start > 2 else None
    if match is None or not text[start:end].strip(".,;\"\u201d')\u2019"):
        return None
    if match["last"] == ".":
        if ".." in text[max(0, start - 40) : match.start()] or ".." in text[end : end + 40]:
            return None  # dots that lead the eye through a table
        onward = re.match(r"\s*\S?", text[end : end + 8])
        first = onward.group().strip()[:1] if onward else ""
        if first and (first.islower() or first in ".,;"):
            return None  # the start of an ellipsis
    return Edit(match.start("extra"), match.end("extra"), "", "typos", "repeated_punctuation", 0.97)
