"""Why the rules of a site remove something; apart from the rules, so that who has none need not load them."""

from __future__ import annotations

SITE_RULES = {
    "site_rule": "the rules for this site say that it goes",
    "site_line": "a line that stands on many pages of this site",
    "site_frame": "a line that stands on many pages of this site, with other numbers, dates or names",
    "site_sentence": "a sentence that ends or begins paragraphs on many pages of this site",
}
"""What the ledger and `cleaner explain` say of a removal by the rules of a site."""
