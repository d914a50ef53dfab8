"""Words written twice, words in two pieces, words cut at the end of a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from operator import itemgetter

from cleaner.edits import Edit
from cleaner.late import late
from cleaner.typos.context import after, before
from cleaner.typos.gate import places
from cleaner.typos.lexicon import Lexicon
from cleaner.typos.spelling import neighbour

SURE_DOUBLES = frozenset(
    "a an the of to and or for with from by at as are was were be been being has have would could should will can "
    "may might must its their our your my his this these which while into than if but about between after before "
    "under over per not also they we he she said told it's who".split()
)
"""Function words that nobody writes twice in a row on purpose."""

FINE_DOUBLES = frozenset(
    "had that very so many much more no yes now well here her you is do did it on in up out what him all one two ha "
    "he bye blah ho la na oh ah hey yeah aye hear knock chop hush tut please never ever again really too long far "
    "big little old new good bad great pretty quite wait go come look run win half long such south north east west "
    "dear fast slow high low deep down round wow boom bang ding dong tick-tock night day thank sorry cha can tom bon "
    "pom chi mahi pu wee yum yada goody rah hip row cut talk i'm like nice wide hard easy why dum dee doo hot cold "
    "sweet poor huge tiny wild super mega ultra ok okay etc peri piri couscous".split()
)
"""Words that stand twice in a row for good reasons: grammar, emphasis, sounds, points of the compass."""

_PLAIN_SENTENCE = late(
    r"(?:^|[.!?\n])(?:(?!\b(?:wh\w+|how|th(?:at|is|ing)|it|all|point|truth|problem|fact|question|answer)\b)[^.!?\n])*\Z",
    re.IGNORECASE,
)
"""The beginning of a sentence that has no clause before its verb: not `what it is`."""

IN_CONTEXT = {
    "you": (late(r"(?:\b(?:if|when|as|because|while|where|way|and|but|that|what)|,)\Z"), None),
    "two": (late(r"\b(?:past|last|next|first|other|these|those|the)\Z"), None),
    "is": (_PLAIN_SENTENCE, late(r" (?:a|an|the|not)\b")),
    "so": (None, late(r" that\b")),
    "up": (None, late(r" to \d")),
}  # fmt: skip
"""Words that stand twice for good reasons, but not behind the one text and before the other."""

MONTHS = frozenset(
    "january february april june july september october november december monday tuesday wednesday thursday friday "
    "saturday sunday".split()
)
"""Months and days that are not words otherwise (as May and March are)."""

SURE_CAPITALS = frozenset("it he she we they you other inside outside when where there what mr mrs ms dr".split())
"""Words that nobody writes twice with a capital each time, outside names."""

_TITLES = frozenset(("Mr", "Mrs", "Ms", "Dr"))
_AGAIN = late(r"(?P<space>(?=\s)[ \t]*\n?[ \t]*)(?P<word>[^\W\d_]+)(?![\w'\u2019/@-]|\.\w)")
_ONWARD = late(r" ([A-Z]|[a-z](?=[a-z])|\d)")
_TITLED = late(r"\b(?:song|film|movie|band|album|single|novel|show|play|hit|track|club|called|named|titled) \Z")
_IN_VERBS = late(r"\w(?:ed|ing|e|t|k|n)$")
_ON_VERBS = late(
    r"\b(?:go|goes|going|went|gone|mov|carr|com|came|liv|turn|log|hold|held|keep|kept|pass|drag|later|early|sign|tr[iy]|mo|walk|get|got"
    r"|hang|hung|press|push|switch|be|is|was|were)\w*$", re.IGNORECASE
)  # fmt: skip
_CUT = late(r"-[ \t]*\n")
_BREAK = late(r"(?<![^\W\d_])(?P<left>[^\W\d_]+)(?P<cut>-[ \t]*\n[ \t]*)(?P<right>[^\W\d_]+)")
_SOFT = late("[^\\W\\d_]+(?:\u00ad[^\\W\\d_]+)+")
_SUSPENDED = frozenset("and or to but nor versus vs".split())
_LOWER_AFTER_STOP = late(r"\. ([a-z]+)(?=[ ,;])")
_NEVER_LAST = late(
    r"(?<![\w.'\u2019-])(?:the|a|an|of|will|would|could|should|may|might|must|can|to|from|and|or|their|its|his|my|our"
    r"|your|than|are|were|has|had)$"
)
MIN_GAIN = 8.0
"""How much likelier (log) a word must be than its two pieces when both are words."""

COMMON_JOINED = -13.5
"""Log frequency that such a word must have, about 1,400 in 10**9: pin prick is no error."""

COMMON_CAPITAL = -10.5
"""Log frequency of the words that stand twice by mistake before another capital: the Federal Federal Reserve."""

_PIECE = late(r"[a-z]{2,5}(?![\w'\u2019@/-]|\.\w)")
_PIECE_BEFORE = late(r"(?<![\w'\u2019.@/-])([A-Za-z][a-z]+) $")
_WORD_BEFORE = late(r"(?<![\w'\u2019.@/-])([^\W\d_]+) $")
_WORD_BEHIND = late(r" ([^\W\d_]+)(?![\w'\u2019@/-]|\.\w)")
_PIECE_BEHIND = late(r" ([a-z]{2,})(?![\w'\u2019@/-]|\.\w)")
MIN_JOINED = -15.5
"""Log frequency that a word in two pieces must have: about 180 in 10**9."""


def doubled(text: str, twins: Iterable[str], lexicon: Lexicon) -> Iterator[Edit]:
    """Words written twice in a row, by mistake; `twins` are the words that stand twice in a row in the text."""
    wrong = {word for word in twins if _by_mistake(word, lexicon)}
    for start, word in places(text, text.split() if wrong else (), wrong):
        again = _AGAIN.match(text, start + len(word))
        if again is not None and again["word"] == word:
            if word.islower():
                yield from _double(text, start, again)
            elif _capital_by_mistake(text, start, again, lexicon):
                yield Edit(*again.span(), "", "typos", "doubled_word", 0.92)


def _by_mistake(word: str, lexicon: Lexicon) -> bool:
    """Whether a word that stands twice in a row hardly ever does so on purpose."""
    lower = word.lower()
    if word.isupper():
        return lower not in lexicon.words and lexicon.pairs[f"{lower} {lower}"] < 1
    if lower in SURE_DOUBLES or word in ("in", "on") or (word != lower and lower in SURE_CAPITALS):
        return True
    if word in IN_CONTEXT or lower in MONTHS or not (word.islower() or word.istitle()):
        return True  # McDowell McDowell
    if lower in FINE_DOUBLES or lower not in lexicon.words or len(lower) < 3:
        return False
    if word != lower and (len(lower) < 4 or lexicon.log_frequency(lower) < -11.0):
        return False  # it may be a name
    return (
        lexicon.pairs[f"{lower} {lower}"] < 1.5 + lexicon.pairs[lower] / 30_000 and lexicon.log_frequency(lower) > -16.0
    )


def _double(text: str, start: int, again: re.Match[str]) -> Iterator[Edit]:
    """The repair for a word in lower case at `start`, written again in `again`."""
    word, function = again["word"], again["word"] in SURE_DOUBLES
    if not function and again["space"] not in (" ", "  "):
        return
    if word == "on" and _ON_VERBS.search(text, max(0, start - 14), max(0, start - 1)):
        return
    if word == "in" and _IN_VERBS.search(text, max(0, start - 12), max(0, start - 1)):
        rest = text[again.end() : again.end() + 2]
        if len(rest) > 1 and rest[1].isupper():
            return
    if word in IN_CONTEXT and not _fits_context(text, start, again):
        return
    if not function and (_thrice(text, start, again.end(), word) or _heading(text, start)):
        return
    first, last = again.span()
    if "\n" in again["space"]:  # the line break stays
        first, last = last - len(word), last + (text[last : last + 1] == " ")
    yield Edit(first, last, "", "typos", "doubled_word", 0.97 if function else 0.92)


def _fits_context(text: str, start: int, again: re.Match[str]) -> bool:
    """Whether a word of `IN_CONTEXT` cannot be meant twice in this place."""
    before, behind = IN_CONTEXT[again["word"]]
    left = text[max(0, start - 200) : start].rstrip(" ")
    return (before is None or before.search(left) is not None) and (
        behind is None or behind.match(text, again.end()) is not None
    )


def _capital_by_mistake(text: str, start: int, again: re.Match[str], lexicon: Lexicon) -> bool:
    """Whether a word with a capital was written twice by mistake, which may be a name: The The company, the Bank Bank
    of, OPEC OPEC agreed, but not Walla Walla."""
    word, lower = again["word"], again["word"].lower()
    onward = _ONWARD.match(text, again.end())
    if again["space"] != " " or onward is None or _TITLED.search(text, max(0, start - 12), start):
        return False
    name_follows = onward[1].isupper()
    inside = re.search(r"[a-z],? $", text[max(0, start - 3) : start]) is not None
    if word in _TITLES:
        return name_follows
    if lower in SURE_DOUBLES or lower in SURE_CAPITALS:
        return not inside
    if not word.istitle() or lower in MONTHS:
        return not _heading(text, start) and not _thrice(text, start, again.end(), word)
    common = len(word) > 4 and lexicon.log_frequency(lower) > COMMON_CAPITAL
    return inside and (not name_follows or (common and not _thrice(text, start, again.end(), word)))


def _thrice(text: str, start: int, end: int, word: str) -> bool:
    """Whether the word, or one made of it, stands there once more: that is play."""
    width = 2 * len(word) + 6
    around = text[max(0, start - width) : start], text[end : end + width]
    return any(word in (side.split() if word in IN_CONTEXT else side) for side in around)


def _heading(text: str, at: int) -> bool:
    """Whether the line is a list, a table or a heading: figures, columns, hardly any words in lower case around."""
    line = text[max(0, at - 60) : at].rpartition("\n")[2] + text[at : at + 60].partition("\n")[0]
    return (
        len(re.findall(r"(?<![\w'])[a-z]{2,}(?![\w'])", line)) < 5
        or re.search(r"(?<![.!?])  ", line.strip()) is not None
        or len(re.findall(r"\d[\d.,]*", line)) > 4
    )


def stranded(text: str, lexicon: Lexicon) -> Iterator[Edit]:
    """A full stop behind a word that no sentence ends with, before one that carries on: The council will. meet."""
    for match in _LOWER_AFTER_STOP.finditer(text):
        stop = match.start()
        word = _NEVER_LAST.search(text, max(0, stop - 7), stop)
        if word is not None and match[1] in lexicon.words and lexicon.pairs[f"{word[0]} {match[1]}"] >= 1:
            yield Edit(stop, stop + 1, "", "typos", "stray_stop", 0.95)


def line_breaks(text: str, lexicon: Lexicon) -> Iterator[Edit]:
    """Words cut at the end of a line. A true compound keeps its hyphen and loses only the break."""
    for match in _breaks(text):
        left, right = match["left"], match["right"]
        start, end = match.span("cut")
        if right in _SUSPENDED or not right[0].islower() or (left.isupper() and len(left) > 1):
            continue
        if _keeps_hyphen(left.lower(), right, lexicon):
            yield Edit(start + 1, end, "", "typos", "line_break_hyphen", 0.97)
        else:
            yield Edit(start, end, "", "typos", "line_break_hyphen", 0.97)


def _breaks(text: str) -> Iterator[re.Match[str]]:
    """Where `_BREAK` matches; it is tried at the words before the few cuts, not at every word."""
    end = 0
    for cut in _CUT.finditer(text):
        start = cut.start()
        while start > end and text[start - 1].isalnum() and not text[start - 1].isdecimal():
            start -= 1
        match = _BREAK.match(text, start)
        if match is not None:
            end = match.end()
            yield match


def _keeps_hyphen(left: str, right: str, lexicon: Lexicon) -> bool:
    joined = left + right
    if len(left) < 2 or len(right) < 2 or not lexicon.known(left) or not lexicon.known(right):
        return False
    return (
        not lexicon.known(joined)
        or min(lexicon.pairs[f"{left} -"], lexicon.pairs[f"- {right}"]) > 2 * lexicon.pairs[joined] + 5
    )


def soft_hyphens(text: str, lexicon: Lexicon) -> Iterator[Edit]:
    """Soft hyphens left over from a layout, inside English words."""
    for match in _SOFT.finditer(text):
        if lexicon.known(match.group().replace("\u00ad", "").lower()):
            for at in (m.start() for m in re.finditer("\u00ad", match.group())):
                yield Edit(match.start() + at, match.start() + at + 1, "", "typos", "soft_hyphen", 0.98)


def split_word(text: str, start: int, end: int, lexicon: Lexicon) -> Edit | None:
    """The repair for an unknown word that a neighbour completes: gov ernment. `text[start:end]` is the unknown
    piece."""
    written = text[start:end]
    piece = written.lower()
    choices = []
    # The sign before the blank is looked at first: to find a word that ends there takes far longer.
    behind_word = text[max(0, start - 1) : start] == " " and text[max(0, start - 2) : start - 1].isalpha()
    left = _WORD_BEFORE.search(text[max(0, start - 20) : start]) if behind_word and written.islower() else None
    right = _WORD_BEHIND.match(text[end : end + 20]) if text[end : end + 1] == " " else None
    if left and left.group(1) not in ("a", "A", "I"):
        choices.append(
            (_joined_fit(text, start - len(left.group()), end, left.group(1).lower() + piece, lexicon), start - 1)
        )
    if right and right.group(1).islower():
        choices.append((_joined_fit(text, start, end + len(right.group()), piece + right.group(1), lexicon), end))
    best, at = max(choices, default=(-99.0, 0), key=itemgetter(0))
    return Edit(at, at + 1, "", "typos", "split_word", 0.95) if best > MIN_JOINED else None


def split_known(text: str, start: int, lexicon: Lexicon) -> Iterator[Edit]:
    """The repair for a short, rare word that a neighbour completes, although each piece is a word: tim es, sh ares."""
    match = _PIECE.match(text, start)
    if match is None:
        return
    choices = []
    left = _PIECE_BEFORE.search(text[max(0, start - 20) : start])
    if left:
        choices.append((left.group(1).lower(), match.group(), start - 1, start - len(left.group()), match.end()))
    right = _PIECE_BEHIND.match(text, match.end())
    if right:
        choices.append((match.group(), right.group(1), match.end(), start, match.end() + len(right.group())))
    best, at = max(((_gain_of_joining(text, *choice, lexicon), choice[2]) for choice in choices), default=(-99.0, 0))
    if best > MIN_GAIN:
        yield Edit(at, at + 1, "", "typos", "split_word", 0.93)


def _gain_of_joining(text: str, first: str, second: str, _: int, start: int, end: int, lexicon: Lexicon) -> float:
    """How much likelier one word is than two in this place; log probability, -99 where it is no word or both are
    common."""
    joined = first + second
    if (
        joined not in lexicon.words
        or lexicon.log_frequency(joined) < COMMON_JOINED
        or lexicon.pairs[f"{first} {second}"]
    ):
        return -99.0
    left, right = neighbour(before(text, start), -1), neighbour(after(text, end), 0)
    whole = lexicon.fit(left, joined, right)
    parts = (
        lexicon.log_frequency(first) + lexicon.left_gain(left, first) + lexicon.left_gain(first, second)
        + lexicon.log_frequency(second) + lexicon.right_gain(second, right)
    )  # fmt: skip
    return whole - parts


def _joined_fit(text: str, start: int, end: int, joined: str, lexicon: Lexicon) -> float:
    """Log frequency of the joined word, more where it fits its neighbours; -99 where it is none."""
    if joined not in lexicon.words or len(joined) < 5 or lexicon.pairs[" ".join(text[start:end].lower().split())] >= 2:
        return -99.0  # no word, or two words that do stand together: pro forma
    left, right = neighbour(before(text, start), -1), neighbour(after(text, end), 0)
    gain = lexicon.left_gain(left, joined) + lexicon.right_gain(joined, right)
    return lexicon.log_frequency(joined) + min(max(gain, -2.0), 2.0)
