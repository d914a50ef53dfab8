"""Clean articles, into which noise is put: strung together to bulletins, and laid out as some site might have delivered
them."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Host:
    """A clean article."""

    id: str
    text: str
    source: str
    group: str = ""


BULLETIN = "bulletin"
"""The source of what was strung together from news."""
NEWS = ("bbc", "isot", "basil", "reuters", BULLETIN)
"""Sources of news whose clean articles hold hardly any noise."""
TRUSTED = (*NEWS, "own")
"""These, and our own articles."""


def bulletin(rng: random.Random, host: Host, others: Sequence[Host]) -> Host:
    """Several short stories, each under its own headline, all of it article text: `host` and some of the `others` that
    are as trustworthy."""
    some = [other for other in rng.sample(others, min(120, len(others))) if _trust(other) == _trust(host)]
    stories = [host, *[other for other in some if _has_headline(other.text)][: rng.randint(1, 5)]]
    pieces = ["\n".join(story.text.split("\n")[: rng.randint(2, 5)]) for story in stories]
    return replace(host, text="\n".join(pieces), source=BULLETIN if host.source in NEWS else host.source)


def _trust(host: Host) -> int:
    """News, our own articles, and all others are three sorts."""
    return (host.source in NEWS) + (host.source in TRUSTED)


def _has_headline(text: str) -> bool:
    """Whether a text begins with a short line without a full stop, and goes on."""
    first, _, rest = text.partition("\n")
    return bool(rest.strip()) and 3 <= len(first.split()) <= 14 and first[-1:] not in '.!?:,"”'


def laid_out(
    rng: random.Random, host: Host, short: float, rough: float, layouts: tuple[float, float, float]
) -> Host:
    """The host as some site might have delivered it: cut short, wrapped, in one line, with typing slips.

    Args:
        rng: draws.
        host: the article.
        short, rough: shares that are cut short, and that get slips.
        layouts: shares with wrapped lines, in a single line, with blank lines.
    """
    lines = [line.strip() for line in host.text.split("\n") if line.strip()]
    if rng.random() < short and len(lines) > 1:
        size = rng.choice([1, 1, 2, 3, 4, 5])
        first = 0 if rng.random() < 0.5 else rng.randrange(min(len(lines), 5))
        lines = lines[first : first + size]
    draw, (wrapped, single, blank) = rng.random(), layouts
    if draw < wrapped:
        width = rng.randint(55, 90)
        text = "\n".join("\n".join(_wrap(line, width)) for line in lines)
    elif draw < wrapped + single:
        text = " ".join(lines)
    else:
        text = ("\n\n" if draw < wrapped + single + blank else "\n").join(lines)
    if rng.random() < rough:
        text = _roughen(rng, text)
    return replace(host, text=text)


def _wrap(line: str, width: int) -> list[str]:
    rows, row = [], ""
    for word in line.split(" "):
        if row and len(row) + len(word) >= width:
            rows.append(row)
            row = word
        else:
            row = f"{row} {word}" if row else word
    return [*rows, row]


def _roughen(rng: random.Random, text: str) -> str:
    """A few slips of the kinds that true text contains: a lost space, a stray full stop, a lost capital."""
    for _ in range(rng.randint(1, 4)):
        draw = rng.random()
        pattern = (
            r"(?<=[a-z]\.) (?=[A-Z])"
            if draw < 0.5
            else r"(?<=[a-z]{2}) (?=[a-z]{2})"
            if draw < 0.8
            else r"(?<=[a-z]\. )[A-Z](?=[a-z])"
        )
        places = list(re.finditer(pattern, text))
        if not places:
            continue
        place = rng.choice(places)
        new = "" if draw < 0.5 else rng.choice([".", ". "]) if draw < 0.8 else place.group().lower()
        text = text[: place.start()] + new + text[place.end() :]
    return text
