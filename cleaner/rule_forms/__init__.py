"""The forms of the precise rules: what is never article text, or never in prose (`controls`).

A form is anchored at both ends of a line (or of a unit between sentence ends), in any case. `cleaner.rules` looks for
them, and for who an author is (`about_author`), which depends on the byline. Where a word such as "watch" may also
begin a true headline, a form counts from the second line of a text on only.
"""

from cleaner.rule_forms import controls, credits, pitches, pointers, sharing, site
from cleaner.rule_forms.form import ALWAYS, RULES, TOP, Form

FORMS: tuple[Form, ...] = pointers.FORMS + sharing.FORMS + pitches.FORMS + credits.FORMS + site.FORMS + controls.FORMS
"""Where a line is of several forms, the first one counts."""

__all__ = ["ALWAYS", "FORMS", "RULES", "TOP", "Form"]
