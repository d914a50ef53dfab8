"""Makes labelled training documents: all the noise of one labelled page, put around and into another article.

`cleaner.synthesis` draws each piece by itself and puts it anywhere. Of a real page the pieces belong together: where a
bio stands there are share buttons above it and other stories below. So the noise of a page that a person labelled is
moved as a whole into many articles, each piece to the same kind of place (above the article, between its paragraphs,
behind, before or inside a sentence, below it) and near where it stood, lines that stood together side by side again;
what the networks learn is the page, not its one article.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cleaner.dataset import Document, Labelled
from cleaner.hosts import Host, laid_out
from cleaner.policy import KEEP, labels
from cleaner.synthesis import INSIDE, Insertion, Noise, assembled, line_break, line_ends, sentence_ends
from cleaner.vocabulary import fold_of

MOVED = "m"
"""The kind of all pieces that were moved."""
SHORT, ROUGH, LAYOUTS = 0.1, 0.06, (0.03, 0.0, 0.45)
"""Shares of the articles that are cut short, that get slips, and layouts: see `cleaner.hosts.laid_out`."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """One piece of noise of a page.

    Attributes:
        text, label: the noise.
        place: "top", "line", "end", "glued", "after", "before" or "mid".
        share: how much of the true text stands before it, from 0 to 1.
        follows: whether nothing true stands between it and the piece before.
    """

    text: str
    label: str
    place: str
    share: float
    follows: bool


def transplants(
    donors: Sequence[Document], hosts: Sequence[Host], folds: int, count: int, seed: int
) -> Iterator[Document]:
    """Yield `count` documents, fold by fold in turn: the noise of a page in an article of the same fold.

    Args:
        donors: labelled pages; those without noise give none.
        hosts: clean articles.
        folds: into how many folds both are dealt, by their groups.
        count: how many documents.
        seed: of everything that is drawn.
    """
    rng = random.Random(f"transplants/{seed}")
    pages: list[list[tuple[_Piece, ...]]] = [[] for _ in range(folds)]
    articles: list[list[Host]] = [[] for _ in range(folds)]
    for donor in donors:
        if pieces := _pieces(donor):
            pages[fold_of(donor.group, folds)].append(pieces)
    for host in hosts:
        articles[fold_of(host.group or host.id, folds)].append(host)
    able = [fold for fold in range(folds) if pages[fold] and articles[fold]]
    made = 0
    while able and made < count:
        fold = able[made % len(able)]
        host = laid_out(rng, rng.choice(articles[fold]), SHORT, ROUGH, LAYOUTS)
        document = _moved(rng, rng.choice(pages[fold]), host)
        yield replace(document, id=f"moved-{seed}-{made:05d}", group=f"fold-{fold}")
        made += 1


def _pieces(page: Document) -> tuple[_Piece, ...]:
    """The noise of a page. Sentences of another story are none: they teach elsewhere (`cleaner.synthesis`)."""
    noise = _met([s for s in page.spans if labels()[s.label].action != KEEP and s.label != "off_topic"], page.text)
    true = _without(page.text, noise)
    whole = max(len("".join(true).split()), 1)
    pieces: list[_Piece] = []
    before = 0
    for span, text in zip(noise, true, strict=False):
        follows = bool(pieces) and not text.strip()
        before += len(text.split())
        share = before / whole
        place = _place_of(page.text, span, share)
        pieces.append(_Piece(page.text[span.start : span.end].strip(), span.label, place, share, follows))
    return tuple(piece for piece in pieces if piece.text)


def _met(spans: Sequence[Labelled], text: str) -> list[Labelled]:
    """The spans, those that meet on a line as one, with the label of the longest."""
    met: list[list[Labelled]] = []
    for span in spans:
        if met and not text[met[-1][-1].end : span.start].strip(" "):
            met[-1].append(span)
        else:
            met.append([span])
    return [
        replace(max(group, key=lambda span: span.end - span.start), start=group[0].start, end=group[-1].end)
        for group in met
    ]


def _without(text: str, spans: Sequence[Labelled]) -> list[str]:
    """The text before, between and behind the spans."""
    bounds = [0, *[bound for span in spans for bound in (span.start, span.end)], len(text)]
    return [text[bounds[i] : bounds[i + 1]] for i in range(0, len(bounds), 2)]


def _place_of(text: str, span: Labelled, share: float) -> str:
    left, right = text[: span.start].rstrip(" "), text[span.end :].lstrip(" ")
    opens, closes = not left or left[-1] == "\n", not right or right[0] == "\n"
    if opens and closes:
        return "top" if share == 0 else "end" if share >= 1 else "line"
    if opens:
        return "before"
    if re.search(r"[.!?][”\"’')\]]*$", left) or closes:
        return "after" if text[span.start - 1] in " \n" else "glued"
    return "mid"


def _moved(rng: random.Random, pieces: Sequence[_Piece], host: Host) -> Document:
    text = host.text
    ends = sentence_ends(text) or [len(text)]
    lines = line_ends(text, ends)
    starts = [0, *[end + len(line_break(text)) for end in lines if end < len(text)]]
    gaps = [match.start() for match in INSIDE.finditer(text)]
    between = [end for end in lines if end < len(text)] or lines
    insertions: list[Insertion] = []
    for piece in pieces:
        noise = Noise(piece.text, MOVED, piece.label, piece.place)
        if piece.place == "top":
            insertions.append(Insertion(0, "", noise, line_break(text), "line"))
        elif piece.place == "before":
            insertions.append(Insertion(_near(rng, starts, piece.share), "", noise, " ", "before"))
        elif piece.place == "mid" and gaps:
            insertions.append(Insertion(_near(rng, gaps, piece.share), " ", noise, "", "mid"))
        elif piece.place in ("after", "glued", "mid"):
            blank = "" if piece.place == "glued" else " "
            insertions.append(Insertion(_near(rng, ends, piece.share), blank, noise, "", piece.place))
        elif piece.place == "end":
            insertions.append(Insertion(len(text), line_break(text), noise, "", "line"))
        else:
            last = insertions[-1] if piece.follows and insertions else None
            at = last.at if last and last.noise.sort == "line" else _near(rng, between, piece.share)
            insertions.append(Insertion(at, line_break(text), noise, "", "line"))
    return assembled(host, sorted(insertions, key=lambda insertion: (insertion.at, _rank(insertion))))


def _rank(insertion: Insertion) -> int:
    """Which of those at one place stands first; of one rank all keep their order. What begins the text stands before
    all else, and what is behind a sentence before the lines below it."""
    return 0 if not insertion.before else 2 if insertion.place == "line" else 1


NEAR = 0.15
"""A piece moves to a place up to so much of the text away from where it stood."""


def _near(rng: random.Random, places: Sequence[int], share: float) -> int:
    """A place at about this share of them."""
    at = round((share + rng.uniform(-NEAR, NEAR)) * (len(places) - 1))
    return places[min(max(at, 0), len(places) - 1)]


__all__ = ["MOVED", "transplants"]
