"""The precise rules of the noise stage: forms that are never article text, whatever the article is about.

A rule speaks of one whole line (or of one unit between sentence ends) and is anchored at both ends. It has a name of
its own in the ledger, and a page in the documentation. What is only likely belongs to the model, not here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from cleaner.tokens import Tokens
from cleaner.units import Units, extents

RULES = {
    "advert_slot": "an advertising slot's own label",
    "share_buttons": "the label of a share or follow button",
    "cookie_banner": "the wording of a cookie banner",
    "script_notice": "a notice about JavaScript or the browser",
    "rights_reserved": "a copyright line",
    "read_time": "the reading time that a site prints",
    "skip_link": "a navigation link for screen readers",
    "related_pointer": "a pointer to another story: \"Read more: ...\"",
    "follow_us": "an invitation to follow the site on a network",
    "sign_up_pitch": "an invitation to sign up for the site's own newsletter, alerts or app",
    "paywall_notice": "a notice about access to the text",
    "credit_line": "the credit of a picture",
}

_EDGE = r"[\[(\-–—•*| ]*"
_SLOT_END = r"[\])\-–—.:•*| ]*"
_NETWORKS = "facebook|twitter|linkedin|whatsapp|pinterest|reddit|email|telegram|x"

_POINTER = (
    r"(?:also read|read also|read more|read next|must read|don[’']t miss|recommended(?: for you| reading)?"
    r"|related(?: (?:stories|story|articles?|news|posts?|coverage|content|links|topics))?"
    r"|you (?:may|might) also (?:like|enjoy|be interested in)|more on this(?: story| topic)?|more stories like this"
    r"|trending now|most read|most popular)"
)

_PATTERNS = (
    (
        "related_pointer",
        "related_links",
        _EDGE + _POINTER + r"(?:\s*[:|>»–—]+\s*[^\n.]{3,140}[^\n.!?\s]|\s*[:|>»–—]*)",
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
        r"(?: or (?:subscribe|sign in|log ?in|register))?(?: now| today)? to (?:continue|keep|carry on) reading[^\n.]{0,60}[.!]?"
        r"|already (?:a subscriber|subscribed)\? ?(?:(?:log|sign) in)?(?: here)?[.!]?",
    ),
    (
        "credit_line",
        "photo_credit",
        r"[\[(]?(?:photo|image|picture|photograph)s?(?: credit| courtesy)?(?: by| of)? ?[:©] ?"
        r"[^\W\d_][^\n.:;!?]{2,50}[\])]?",
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
        r"|click to share on \w+(?: \(opens in new window\))?|tweet this|pin it"
        r"|share this(?: article| story| post| page)?:|facebook\s+twitter(?:\s+\w+){0,5})" + _SLOT_END,
    ),
    (
        "cookie_banner",
        "cookie_notice",
        r"(?:(?:this|our) (?:web)?site uses cookies|we use cookies (?:on (?:this|our)|and (?:other|similar)"
        r"|to (?:improve|give|ensure|personali[sz]e|provide|make|enhance|help|offer|analy[sz]e|deliver|remember))\b"
        r"|by (?:continuing|using|browsing)[^.\n]{0,60}(?:you (?:agree|consent)|accept)[^.\n]{0,40}cookies)"
        r"[^\n.]{0,160}\.?",
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
        r"all rights reserved\.?[^\n.]{0,80}\.?|all rights reserved\.?",
    ),
    ("read_time", "site_furniture", r"[\[(•| ]*\d{1,2}[ -]?min(?:ute)?s? read[\])•| ]*"),
    ("skip_link", "site_furniture", r"(?:skip|jump) to (?:main )?(?:content|navigation|footer|search)"),
)

_COMPILED = tuple((rule, label, re.compile(pattern, re.IGNORECASE)) for rule, label, pattern in _PATTERNS)
_CUES = (
    "adverti", "sponsored", "this ad will", "continue reading", "share", "tweet", "pin it", "facebook", "cookies",
    "javascript", "your browser", "reserved", " read", "read ", "skip to", "jump to", "related", "recommended", "also like",
    "also enjoy", "also be", "more on this", "like this", "trending now", "most popular", "t miss", " us on ", "our ",
    "free articles", "free stories", "already a subscriber", "already subscribed", "to keep reading", "to carry on",
    "photo", "image", "picture",
)  # fmt: skip
"""Every pattern needs one of these; looking for plain strings is many times faster than trying the patterns."""


def rule_matches(texts: Sequence[str], tokens: Tokens, units: Units) -> list[tuple[int, str, str]]:
    """The units that a rule recognises: (unit, rule, label). Only texts that hold a cue are looked at closely."""
    found: list[tuple[int, str, str]] = []
    bounds = np.searchsorted(units.document, np.arange(len(texts) + 1))
    for document, text in enumerate(texts):
        lowered = text.lower()
        if not any(cue in lowered for cue in _CUES):
            continue
        numbers = range(int(bounds[document]), int(bounds[document + 1]))
        spans = extents(
            text,
            tokens,
            units.first[numbers.start : numbers.stop].tolist(),
            units.last[numbers.start : numbers.stop].tolist(),
        )
        line_starts = [i for i, number in enumerate(numbers) if tokens.lines[units.first[number]] > 0]
        for first, last in pairwise([*line_starts, len(spans)]):
            line = _first_match(text, spans[first].start, spans[last - 1].end)
            for i in range(first, last):
                match = line or _first_match(text, spans[i].start, spans[i].end)
                found += [(numbers[i], *match)] if match else []
    return found


LONGEST = 260
"""Characters of the longest line that a rule can mean."""


def _first_match(text: str, start: int, end: int) -> tuple[str, str] | None:
    """Rule and label of the first rule that means all of `text[start:end]`."""
    if end - start > LONGEST:
        return None
    return next(((rule, label) for rule, label, pattern in _COMPILED if pattern.fullmatch(text, start, end)), None)
