"""Stage: spelling and spacing.

Repairs what is surely broken in English text and leaves everything else alone: names, other languages, dialect, brands,
addresses, code, figures, British and American spelling. See `cleaner.typos.stage` for the rules and
`docs/rules/typos.md` for what is deliberately not repaired.
"""

from cleaner.typos.stage import REASONS, TyposStage, site_words

__all__ = ["REASONS", "TyposStage", "site_words"]
