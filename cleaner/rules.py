"""The precise rules of the noise stage: forms that are never article text, whatever the article is about.

A rule speaks of one whole line (or of one unit between sentence ends) and is anchored at both ends. It has a name of
its own in the ledger, and a page in the documentation. What is only likely belongs to the model, not here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cleaner.tokens import ANY_DIGIT, SIGN, Bools, Tokens, word_keys
from cleaner.units import Units, extents

RULES = {
    "advert_slot": "an advertising slot's own label",
    "share_buttons": "the label of a share or follow button",
    "cookie_banner": "the wording of a cookie banner",
    "script_notice": "a notice about JavaScript or the browser",
    "rights_reserved": "a copyright line",
    "read_time": "the reading time that a site prints",
    "skip_link": "a navigation link for screen readers",
    "related_pointer": 'a pointer to another story: "Read more: ..."',
    "follow_us": "an invitation to follow the site on a network",
    "sign_up_pitch": "an invitation to sign up for the site's own newsletter, alerts or app",
    "paywall_notice": "a notice about access to the text",
    "credit_line": "the credit of a picture",
}

_EDGE = r"[\[(\-–—•*| ]*"
_SLOT_END = r"[\])\-–—.:•*| ]*"
_NETWORKS = "facebook|twitter|linkedin|whatsapp|pinterest|reddit|email|telegram|x"

# Capitalised words and what joins them: names. A caption ("Picture: the harbour wall at dawn") goes on in lower case.
_NAMES = r"(?-i:[A-ZÀ-Þ][\w'’&-]*(?:[ /,|]+(?:[A-ZÀ-Þ][\w'’&-]*|for|via|and|of|de|van|von|by|courtesy)){0,9})"

_POINTER = (
    r"(?:also read|read also|read more|read next"
    r"|related(?: (?:stories|story|articles?|news|posts?|coverage|content|links|topics))?"
    r"|you (?:may|might) also (?:like|enjoy|be interested in)|more on this(?: story| topic)?|more stories like this"
    r"|trending now)"
)
_POINTER_ALONE = r"(?:must read|don[’']t miss|recommended(?: for you| reading)|most read|most popular)"

_PATTERNS = (
    (
        "related_pointer",
        "related_links",
        _EDGE + rf"(?:{_POINTER}(?:\s*[:|>»–—]+\s*[^\n.]{{3,140}}[^\n.!?\s])?|{_POINTER}|{_POINTER_ALONE})\s*[:|>»–—]*"
        r"|(?-i:READ (?:MORE|NEXT|ALSO)|ALSO READ) [^\n.]{3,140}[^\n.!?\s]|read more about [^\n.]{3,140}[^\n.!?\s]",
    ),
    (
        "follow_us",
        "share_bar",
        rf"(?:please )?(?:follow|like|join|find|connect with) us on (?:{_NETWORKS}|instagram|youtube|google|tiktok)\b"
        r"[^\n.,]{0,100}[.!]?",
    ),
    (
        "sign_up_pitch",
        "newsletter",
        r"(?:click here to )?(?:sign up|subscribe|register)(?: now| today| here| below)? (?:for|to) our [^\n.,]{0,50}"
        r"(?:newsletters?|mailing list|e-?mails?|alerts?|channel|briefing|updates)\b[^\n.,]{0,100}[.!]?"
        r"|(?:get|download) our (?:free )?(?:mobile |news )?app\b[^\n.]{0,80}[.!]?",
    ),
    (
        "paywall_notice",
        "paywall",
        r"you(?: have|[’']ve)(?: only)? (?:got )?(?:\d+|one|two|three|four|five) free (?:articles?|stories|story) "
        r"(?:left|remaining)[^\n.]{0,60}[.!]?"
        r"|(?:please )?(?:subscribe|sign in|log ?in|register|create a free account)"
        r"(?: or (?:subscribe|sign in|log ?in|register))?(?: now| today)? to (?:continue|keep|carry on) reading"
        r"[^\n.]{0,60}[.!]?"
        r"|to (?:continue|keep) reading,? (?:please )?(?:subscribe|log ?in|sign (?:in|up)|choose|create|register|join"
        r"|start)\b[^\n.]{0,80}[.!]?"
        r"|already (?:a subscriber|subscribed)\? ?(?:(?:log|sign) in)?(?: here)?[.!]?",
    ),
    (
        "credit_line",
        "photo_credit",
        r"[\[(]?(?:photo|image|picture|photograph)s?(?: credit| courtesy)?(?: by| of)? ?[:©] ?" + _NAMES + r"[\])]?",
    ),
    (
        "advert_slot",
        "advert",
        _EDGE + r"(?:advertise?ment|(?:story|article) continues below(?: this)? (?:advertisement|ad)"
        r"|advertisement[:,]? (?:scroll to continue|continue reading below)|continue reading the main story"
        r"|sponsored content|this ad will end in \d+ seconds)" + _SLOT_END,
    ),
    (
        "share_buttons",
        "share_bar",
        _EDGE + rf"(?:share (?:this )?(?:article |story |post |page )?(?:on|via|to|with) (?:{_NETWORKS})"
        rf"|click to share on \w+(?: \(opens in new window\))?|(?:{_NETWORKS}) ?\(opens in (?:a )?new (?:window|tab)\)"
        r"|tweet this|pin it"
        r"|share this(?: article| story| post| page)?:|facebook\s+twitter(?:\s+\w+){0,5})" + _SLOT_END,
    ),
    (
        "cookie_banner",
        "cookie_notice",
        r"(?:(?:this|our) (?:web)?site uses cookies|we use cookies (?:on (?:this|our)|and (?:other|similar)"
        r"|to (?:improve|give|ensure|personali[sz]e|provide|make|enhance|help|offer|analy[sz]e|deliver|remember))\b"
        r"|by (?:continuing|using|browsing)[^.\n]{0,60}(?:you (?:agree|consent)|accept)[^.\n]{0,40}cookies)"
        r"[^\n.]{0,160}\.?"
        # The wording of the consent plugin of so many blogs.
        r"|(?:this cookie is (?:set|placed) by (?:the )?gdpr cookie consent"
        r"|the cookies? (?:is|are) used to (?:store|record) (?:the )?user consent for (?:the )?cookies"
        r"|(?:analytical|functional|necessary|performance|advertisement) cookies"
        r" (?:help (?:to )?perform (?:certain|some) functionalit(?:y|ies)|are (?:absolutely essential for the website"
        r"|used (?:to understand|for understanding) (?:how visitors|and analy[sz]e the key)"
        r"|used to provide visitors with relevant)))"
        r"\b[^\n]{0,200}",
    ),
    (
        "script_notice",
        "site_furniture",
        r"(?:please (?:enable|turn on) javascript|javascript (?:is|must be) (?:disabled|enabled|required)"
        r"|your browser does not support)[^\n.]{0,120}\.?",
    ),
    (
        "rights_reserved",
        "legal_footer",
        r"(?:(?:copyright )?(?:\(c\)|©)[^\n.]{0,80}|copyright\b[^\n.]{0,60}(?:\d{4}[^\n.]{0,60}|[.,;:|–—-]))\.? ?"
        r"all rights reserved\.?[^\n.]{0,80}\.?|all rights reserved\.?"
        r"|(?:copyright )?(?:\(c\)|©) ?(?:19|20)\d\d\b[^\n.]{0,80}"
        r"(?:\b(?:inc|ltd|co|corp|llc|plc)\.{1,2}[^\n.]{0,60})?(?:\.(?:com|org|net|co)\b)?\.?",
    ),
    ("read_time", "site_furniture", r"[\[(•| ]*\d{1,2}[ -]?min(?:ute)?s? read[\])•| ]*"),
    (
        "skip_link",
        "site_furniture",
        r"(?:skip|jump) to (?:\w+ ){0,4}(?:content|navigation|footer|search|menu|sidebar|comments)(?: section)?",
    ),
)

_LABELS = {rule: label for rule, label, _ in _PATTERNS}


@cache
def _any_rule() -> re.Pattern[str]:
    """All rules in one expression, in which the first that fits gives its name; it takes a while to compile."""
    return re.compile("|".join(f"(?P<{rule}>{pattern})" for rule, _, pattern in _PATTERNS), re.IGNORECASE)


# The words that a match can begin with; nothing else is looked at closely, whatever it says.
_FIRST = np.sort(
    word_keys(
        (
            "advertisement advertisment continue sponsored share click tweet pin facebook please javascript copyright "
            "c skip jump read recommended related trending connect sign subscribe register download log login create "
            "already photo photos image images picture pictures photograph photographs"
        ).split()
    )
)

# Words that many sentences begin with, and what comes next in a match.
_NEXT = {
    "this": "website site ad cookie", "our": "website site", "the": "cookie cookies", "to": "continue keep",
    "we": "use", "by": "continuing using browsing", "all": "rights",
    "your": "browser", "you": "may might have ve", "more": "on stories", "most": "read popular", "must": "read",
    "also": "read", "don": "t", "story": "continues", "article": "continues", "follow": "us", "like": "us",
    "join": "us", "find": "us", "get": "our",
    **dict.fromkeys("analytical functional necessary performance".split(), "cookies"),
    **dict.fromkeys(_NETWORKS.split("|"), "opens"),
}  # fmt: skip
_BEHIND_NUMBER = np.sort(word_keys("min mins minute minutes read".split()))


def _pair_keys(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A key for each pair of words."""
    return first * np.uint64(0x9E3779B97F4A7C15) ^ second


_PAIRS = np.sort(
    np.concatenate([_pair_keys(word_keys([first]), word_keys(rest.split())) for first, rest in _NEXT.items()])
)


def rule_matches(texts: Sequence[str], tokens: Tokens, units: Units) -> list[tuple[int, str, str]]:
    """The units that a rule recognises, alone or with the whole of their line: (unit, rule, label)."""
    candidate = _candidates(tokens, units)
    if not candidate.any():
        return []
    alone = candidate.nonzero()[0]
    opens = (tokens.lines[units.first] > 0).nonzero()[0]
    lines = candidate[opens].nonzero()[0]
    first = np.concatenate((alone, opens[lines]))
    behind = np.concatenate((alone + 1, np.append(opens, len(units))[lines + 1]))
    words = units.first[first], units.last[behind - 1]
    found: dict[int, tuple[str, str]] = {}
    numbers = zip(first.tolist(), behind.tolist(), tokens.document[words[0]].tolist(), strict=True)
    for (start, end, document), span in zip(numbers, extents(texts, tokens, *words), strict=True):
        match = _first_match(texts[document], span.start, span.end)
        found |= dict.fromkeys(range(start, end), match) if match else {}
    return [(unit, *match) for unit, match in sorted(found.items())]


def _candidates(tokens: Tokens, units: Units) -> Bools:
    """The units that a match can begin with."""
    first = units.first
    key, following = tokens.key.take(first), tokens.key.take(first + 1)  # behind each text stands a border
    number = (tokens.shape.take(first) & ANY_DIGIT) != 0
    sign = ((tokens.gap.take(first) & SIGN) != 0).nonzero()[0]  # "©", or one of many others
    candidate = _among(_FIRST, key) | _among(_PAIRS, _pair_keys(key, following))
    candidate |= number & _among(_BEHIND_NUMBER, following)
    if not len(sign):
        return candidate
    gap_start = np.where(first[sign] > 0, tokens.end[first[sign] - 1], 0)
    gaps = zip(gap_start.tolist(), tokens.start[first[sign]].tolist(), strict=True)
    candidate[sign] |= np.array([_RIGHTS in tokens.buffer[start:end].tobytes() for start, end in gaps], np.bool_)
    return candidate


_RIGHTS = "©".encode()


def _among(sorted_keys: NDArray[np.uint64], keys: NDArray[np.uint64]) -> Bools:
    return np.asarray(sorted_keys[np.minimum(sorted_keys.searchsorted(keys), len(sorted_keys) - 1)] == keys)


LONGEST = 260
"""Characters of the longest line that a rule can mean."""


def _first_match(text: str, start: int, end: int) -> tuple[str, str] | None:
    """Rule and label of the first rule that means all of `text[start:end]`."""
    match = _any_rule().fullmatch(text, start, end) if end - start <= LONGEST else None
    return (match.lastgroup, _LABELS[match.lastgroup]) if match and match.lastgroup else None
