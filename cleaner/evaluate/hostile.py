"""Texts that were made to cost more than their length: what must take time in proportion all the same."""

from __future__ import annotations

from collections.abc import Callable

HOSTILE: dict[str, Callable[[int], str]] = {
    "nested entities": lambda n: "&" + "amp;" * (n // 4) + "lt;",
    "many nested entities": lambda n: ("&" + "amp;" * 9 + "lt; ") * (n // 41),
    "combining marks": lambda n: "a" + "\u0301\u0327" * (n // 2),
    "blank lines": lambda n: "\n" * n,
    "one ASCII line": lambda n: "words and words " * (n // 16),
    "one line of mojibake": lambda n: "sch\u00c3\u00b6ne W\u00c3\u00b6rter " * (n // 18),
    "one line, one bad place": lambda n: "words and words " * (n // 16) + "sch\u00c3\u00b6n",
    "no space": lambda n: "x" * n,
    "leads": lambda n: "\u00c3" * n,
    "leads and spaces": lambda n: "\u00c3 " * (n // 2),
    "NULs of Java": lambda n: "\u00c0\u20ac\u00e9" * (n // 3),
    "marks of direction": lambda n: "a\u200eb " * (n // 4),
    "escapes": lambda n: "\\u00e9a" * (n // 7),
    "percent": lambda n: "%C3%A9" * (n // 6),
    "tags": lambda n: "<a " * (n // 3) + "&amp;",
    "terminal": lambda n: "\x1b[" + "1;" * (n // 2),
    "surrogates": lambda n: "\ud83d\ude00\ud800" * (n // 3),
    "carriage returns": lambda n: "\r" * n,
}
"""By name: from a number of characters to a text of about that length."""
