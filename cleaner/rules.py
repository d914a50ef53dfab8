"""The precise rules of the noise stage: forms that are never article text, whatever the article is about.

A rule speaks of one whole line (or of one unit between sentence ends) and is anchored at both ends. It has a name of
its own in the ledger, and a page in the documentation. What is only likely belongs to the model, not here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

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
}

_EDGE = r"[\[(\-–—•*| ]*"
_SLOT_END = r"[\])\-–—.:•*| ]*"
_NETWORKS = "facebook|twitter|linkedin|whatsapp|pinterest|reddit|email|telegram|x"

_PATTERNS = (
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
        r"(?:(?:this|our) (?:web)?site uses cookies|we use cookies (?:to|on|and)"
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
        r"(?:copyright\b|\(c\)|©)[^\n.]{0,80}\.? ?(?:all rights reserved\.?)[^\n.]{0,80}\.?|all rights reserved\.?",
    ),
    ("read_time", "site_furniture", r"[\[(•| ]*\d{1,2}[ -]?min(?:ute)?s? read[\])•| ]*"),
    ("skip_link", "site_furniture", r"(?:skip|jump) to (?:main )?(?:content|navigation|footer|search)"),
)

_COMPILED = tuple((rule, label, re.compile(pattern, re.IGNORECASE)) for rule, label, pattern in _PATTERNS)
_CUES = (
    "adverti", "sponsored", "this ad will", "continue reading", "share", "tweet", "pin it", "facebook", "cookies",
    "javascript", "your browser", "reserved", " read", "skip to", "jump to",
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
        for number, span in zip(numbers, spans, strict=True):
            if span.end - span.start <= 260:
                found += [(number, rule, label) for rule, label in _first_match(text[span.start : span.end])]
    return found


def _first_match(text: str) -> list[tuple[str, str]]:
    return [(rule, label) for rule, label, pattern in _COMPILED if pattern.fullmatch(text)][:1]
