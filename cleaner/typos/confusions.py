"""Words mistaken for others that sound like them, where the words beside them leave no doubt: `could of been`.

The wrong form is a word, so that no word list can tell; each row below names the neighbours that settle it. Rows that
are `SURE` made no wrong edit in 6.6 million words of news and web pages; the others are left to the preset `normal`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from cleaner.edits import Edit
from cleaner.protect import marked_sic
from cleaner.typos.candidates import tight
from cleaner.typos.context import REACH

SURE, LIKELY = 0.97, 0.92
"""Scores of the rows."""

_PARTICIPLES = (
    "been become begun brought built bought caught chosen come done fallen felt found forgotten given gone gotten had "
    "heard held kept known led lost made meant met paid put said seen sent shown spent spoken stood taken thought told "
    "understood used wanted won written"
)
_COMPARED = (
    "more less better worse rather greater larger smaller higher lower bigger fewer older younger faster slower longer "
    "shorter easier harder stronger weaker cheaper richer"
)
_BE = "is are was were am be been being not isn't wasn't aren't weren't i'm he's she's it's we're they're you're"
_SUBJECTS = "i we you they he she it who that there this which"
_AUXILIARIES = (
    "to will would could can can't cannot may might must don't doesn't didn't won't wouldn't couldn't not never i'll "
    "you'll we'll they'll"
)
_PREPOSITIONS = "in on of with by for at to into under"
_VERBS = "be get do go see have find believe wait even take make help say tell let work"

_ROWS = (  # wrong, right, what follows ("" for anything, _ for a space), what stands before ("" for anything), score
    ("their", "there", "is are was were isn't aren't wasn't weren't", "", SURE),
    ("there", "their", "own", _PREPOSITIONS, SURE),
    ("they're", "their", "own", "", SURE),
    ("you're", "your", "own", "", SURE),
    ("your", "you're", "not_a not_an not_going not_alone not_sure not_supposed not_allowed", "", SURE),
    ("your", "you're", "a an gonna kidding going_to_be going_to_have going_to_need going_to_love", "", LIKELY),
    ("its", "it's", "a an been because not_a not_an not_the not_that not_like not_just not_only not_about", "", SURE),
    ("its", "it's", "not_been not_going going_to_be gonna about_time", "", SURE),
    ("its", "it's", "the", "", LIKELY),
    ("it's", "its", "own", f"{_PREPOSITIONS} has had have as from than and", SURE),
    ("it's", "its", "kind entirety infancy inception current_form way", "of in since on", SURE),
    ("then", "than", "a an the any ever his her my our its expected usual anything anyone half", _COMPARED, SURE),
    ("then", "than", r"\d+ one two three four five six ten", _COMPARED, SURE),
    ("then", "than", "i we you they he she it that those their before most just", _COMPARED, LIKELY),
    ("loose", "lose", "weight money control sight touch faith hope interest patience confidence focus power",
     _AUXILIARIES, SURE),
    ("loose", "lose", "his her their your my our", _AUXILIARIES, SURE),
    ("loose", "lose", "the it its to", _AUXILIARIES, LIKELY),
    ("affect", "effect", "on", "an no any little adverse profound immediate significant major dramatic huge", SURE),
    ("affect", "effect", "", "take takes took taken into", SURE),
    ("affects", "effects", "", "side", SURE),
    ("who's", "whose", "own", "", SURE),
    ("whose", "who's", "been gonna", "", SURE),
    ("weather", "whether", "or_not", "", SURE),
    ("peak", "peek", "", "sneak", SURE),
    ("peaked", "piqued", "my_interest his_interest her_interest their_interest your_interest our_interest "
     "my_curiosity his_curiosity her_curiosity their_curiosity your_curiosity our_curiosity", "", SURE),
    ("suppose", "supposed", "to", _BE, SURE),
    ("bare", "bear", "with_me with_us in_mind", "", SURE),
    ("wont", "won't", _VERBS, _SUBJECTS, SURE),
    ("cant", "can't", _VERBS, _SUBJECTS, SURE),
    ("apart", "a part", "of_the of_this of_that of_a of_an of_my of_our of_their of_his of_her of_it",
     "be being become becoming was is are", LIKELY),
    ("of", "have", _PARTICIPLES, "could should would must couldn't shouldn't wouldn't", SURE),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Confusion:
    """One row.

    Attributes:
        form: the pattern as text; few of them are ever needed, and compiling them all takes long.
        right: what it should read.
        after: the words, in lower case, one of which must stand before it; empty for any.
        score: `SURE` or `LIKELY`.
    """

    form: str
    right: str
    after: frozenset[str]
    score: float

    @property
    def pattern(self) -> re.Pattern[str]:
        """Matches from the wrong word to what follows it; group 1 is the wrong word."""
        return _compiled(self.form)


@cache
def _compiled(form: str) -> re.Pattern[str]:
    return re.compile(form)


def _by_first_word() -> Mapping[str, Sequence[Confusion]]:
    """The rows by the wrong word, in lower case, with either apostrophe."""
    table: defaultdict[str, list[Confusion]] = defaultdict(list)
    for wrong, right, following, after, score in _ROWS:
        ahead = rf" (?:{'|'.join(following.split()).replace('_', ' ')})" if following else ""
        form = f"((?i:{wrong})){ahead}".replace("'", "['\u2019]")
        confusion = Confusion(rf"{form}(?![\w'\u2019-])", right, frozenset(after.split()), score)
        for written in {wrong, wrong.replace("'", "\u2019")}:
            table[written].append(confusion)
    return table


CONFUSIONS = _by_first_word()
_FREQUENT = "of"
"""Too frequent to be looked at wherever it stands; the words before it are looked for instead."""

_BEFORE_FREQUENT = frozenset().union(*(confusion.after for confusion in CONFUSIONS[_FREQUENT]))


def _triggers() -> Mapping[str, frozenset[str]]:
    """The words that are looked for, in lower case or with a capital, and the words one of which must come next.

    No words stand for any.
    """
    found = dict.fromkeys(_BEFORE_FREQUENT, frozenset((_FREQUENT,)))
    for wrong in CONFUSIONS.keys() - {_FREQUENT}:
        following = [row[2] for row in _ROWS if row[0] == wrong.replace("\u2019", "'")]
        nexts = (phrase.partition("_")[0] for phrases in following for phrase in phrases.split())
        found[wrong] = frozenset(nexts if all(following) else ())
    found |= {word.replace("'", "\u2019"): nexts for word, nexts in found.items()}
    return found | {word.capitalize(): nexts for word, nexts in found.items()}


TRIGGERS = _triggers()
"""What is looked for, with what must come next."""

_FIRST = re.compile(r"[\w'\u2019-]*")
_WORD_BEFORE = re.compile(r"([^\W\d_]+(?:['\u2019][^\W\d_]+)?) \Z")


def confused(text: str, triggers: Sequence[tuple[int, str, str]]) -> Iterator[Edit]:
    """Words mistaken for others.

    Args:
        text: the text.
        triggers: where one of `TRIGGERS` stands, the word as written, and the chunk behind it ("" where there is none).
    """
    wanted = {written for _, written, following in triggers if _may_go_on(TRIGGERS[written], following)}
    for start, written, _ in triggers if wanted else ():
        if written not in wanted:
            continue
        word = written.lower()
        if word not in CONFUSIONS:
            word, start = _FREQUENT, start + len(written) + 1
            if not text.startswith("of ", start):
                continue
        for confusion in CONFUSIONS[word]:
            match = confusion.pattern.match(text, start)
            if match is not None and _stands_after(text, start, confusion.after) and not marked_sic(text, match.end(1)):
                yield _edit(match, confusion)
                break


def _may_go_on(nexts: frozenset[str], word: str) -> bool:
    """Whether the chunk that follows, if any, begins with one of the words, or with a figure."""
    if not word:
        return not nexts
    return not nexts or word in nexts or word[0].isdigit() or (not word.isalnum() and _FIRST.match(word)[0] in nexts)  # type: ignore[index]


def _stands_after(text: str, start: int, words: frozenset[str]) -> bool:
    """Whether one of the words stands before `start`; true where there are none."""
    before = _WORD_BEFORE.search(text[max(0, start - 20) : start]) if words else None
    return not words or (before is not None and before[1].lower().replace("\u2019", "'") in words)


def _edit(match: re.Match[str], confusion: Confusion) -> Edit:
    right = confusion.right.capitalize() if match[1][0].isupper() else confusion.right
    if "\u2019" in match.string[max(0, match.start() - REACH) : match.end() + REACH]:
        right = right.replace("'", "\u2019")
    return tight(match.string, *match.span(1), right, "confused_word", confusion.score)
