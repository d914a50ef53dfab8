"""What a form of a precise rule is, what the rules mean, and what forms of several rules share."""

from __future__ import annotations

from dataclasses import dataclass

RULES = {
    "advert_slot": "an advertising slot's own label",
    "affiliate_notice": "a notice that the site earns from links",
    "share_buttons": "the label of a share or follow button, or its count",
    "cookie_banner": "the wording of a cookie banner, or one of its buttons",
    "script_notice": "a notice about JavaScript or the browser",
    "rights_reserved": "a copyright line, or a link to the terms of a site",
    "press_code": "the press code or the register that a publisher names below each page",
    "read_time": "the reading time that a site prints",
    "player": "the label of a player or of a gallery",
    "published": "when a site published or changed the page",
    "skip_link": "a navigation link for screen readers",
    "navigation": "a path, a bar of links or a button that leads to other parts of the site",
    "tag_list": "the tags or the category that a site files a story under",
    "related_pointer": 'a pointer to another story: "Read more: ..."',
    "follow_us": "an invitation to follow the site on a network",
    "about_author": "who the author named in the byline is",
    "author_contact": "where the author is to be found or reached",
    "sign_up_pitch": "an invitation to sign up for the site's own newsletter, alerts or app, or its button",
    "paywall_notice": "a notice about access to the text",
    "feedback_link": "a link to rate, report, print or send the page",
    "comment_link": "a link to comments, their count, or a notice about them",
    "credit_line": "the credit of a picture",
}
"""What each rule means, as the ledger says it."""


ALWAYS, TOP = 1 << 30, 8
"""No line is so far down; lines at the top of a text, where a site says when and by whom."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form.

    Attributes:
        rule: one of `RULES`.
        label: of the noise policy.
        opens: what a match begins with, in any case: words; `one+other` for a word that only counts before another
            one; `one:` for one that only counts before a sign such as a colon or a bar; `#+word` for a figure before a
            word; "©" for the sign; "|" for a line with a bar or a slash behind one of its first three words. Nothing
            else is looked at closely.
        pattern: a regular expression for all of it.
        since, until: among which lines of a text it counts, from 0, half-open. In the first one headlines stand.
        whole: whether it must be a line by itself: a unit within one may be part of a quotation, or a cell of a table.
        only: what each word of the group `rest` of the pattern must be, if there is one.
        in_prose: whether it is the words of a button or link (`cleaner.rule_forms.controls`), the group `words` of the
            pattern, which count only in prose without headings that does not speak of them.
    """

    rule: str
    label: str
    opens: str
    pattern: str
    since: int = 0
    until: int = ALWAYS
    whole: bool = False
    only: str = ""
    in_prose: bool = False


# What forms of several files share.
EDGE = r"[\[(\-–—•*|> ]*"
SLOT_END = r"[\])\-–—.:•*| ]*"
"""What may stand before and behind a label."""
PAGE = "article|page|story|review|recipe|post"
"""What a site calls what it shows."""
