"""Makes labelled training documents: noise of known kind put into clean articles at known places.

Noise comes from a `Vocabulary` (topics and templates that we wrote) and from `Found` (pieces of real pages and of our
own labelled documents). A document never mixes *folds*: hosts, topics, templates and found pieces are dealt into folds
by a hash of their group, and each document draws from one fold only. A model that is tested on the fold it was not
trained on has then seen neither the article, nor the topic, nor the phrase, nor the template.

Kinds: a fragment, b intruder sentence, c promotional sentence, d block, e spam, f page furniture around the article.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from cleaner.dataset import Document, Labelled
from cleaner.hosts import Host, bulletin, laid_out
from cleaner.vocabulary import Found, Vocabulary, fold_of

_SENTENCE_END = re.compile(r"[.!?][”\"’')\]]*(?=\s+[“\"‘'(\[]?[A-Z0-9])|[^\s](?=\s*(?:\n|$))")
_ABBREVIATED = re.compile(
    r"(?:^|[\s(“\"])(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Sgt|St|Jr|Sr|vs|No|Inc|Co|Corp|Ltd|"
    r"Jan|Feb|Mar|Apr|Aug|Sept|Oct|Nov|Dec|U\.S|U\.K|U\.N|a\.m|p\.m|e\.g|i\.e|[A-Z])$"
)
INSIDE = re.compile(r"(?<=[A-Za-z,]) (?=[a-z])")
_OPEN_LINE = re.compile(r"^[^\n]*[\w,:;)]$", re.MULTILINE)  # as a headline ends


@dataclass(frozen=True, slots=True)
class Noise:
    """A piece of noise. `sort` says more than `kind` does: "kw", "url", "label", ..."""

    text: str
    kind: str
    label: str
    sort: str


class NoiseMaker:
    """Writes noise of each kind."""

    def __init__(self, vocabulary: Vocabulary, found: Found, rng: random.Random) -> None:
        self.vocabulary, self.found, self.rng = vocabulary, found, rng
        self._topics = sorted(vocabulary.topics)

    def _one_of(self, name: str) -> str:
        return self.rng.choice(self.vocabulary.lists[name])

    def phrase(self, topic: str | None = None) -> str:
        """A search phrase: of the vocabulary, with or without a modifier, one that was found, or words that merely lie
        close together."""
        rng = self.rng
        draw = rng.random() if topic is None else 1.0
        if draw < 0.5 and (phrases := self.found.phrases if draw < 0.25 else self.found.drawn_phrases):
            return rng.choice(phrases)
        head = rng.choice(self.vocabulary.topics[topic or rng.choice(self._topics)])
        return self._one_of("modifiers").format(head) if rng.random() < 0.3 else head

    def link(self, topic: str) -> str:
        rng = self.rng
        if rng.random() < 0.25:
            return (
                self._one_of("short_links").rstrip("/")
                + "/"
                + "".join(rng.choice("abcdefghkmnpqrstuvwxyzABCDEFGH23456789") for _ in range(7))
            )
        name = re.sub(r"[^a-z0-9]+", rng.choice(["", "-"]), self.phrase(topic).lower()).strip("-")
        path = rng.choice(
            ["", "", "/", f"/index.php?id={rng.randint(2, 999)}", f"/{rng.randint(2010, 2024)}/offer", "/shop.html"]
        )
        start = rng.choice(["http://www.", "www.", "https://", "http://", ""])
        return f"{start}{name}.{self._one_of('domain_endings').lstrip('.')}{path}"

    def fill(self, template: str) -> str:
        rng = self.rng
        topic = rng.choice(self._topics)
        first = self.phrase(topic)
        slots = {
            "k": first, "K": first[:1].upper() + first[1:], "k2": self.phrase(topic), "k3": self.phrase(topic),
            "t": first.title().replace(" ", ""), "t2": self.phrase(topic).replace(" ", ""), "u": self.link(topic),
            "h": self.headline(), "n": self._one_of("credits"), "p": self._one_of("people"),
            "o": self._one_of("outlets"),
            "d": str(rng.randint(2, 90)), "v": rng.choice(["buy", "order", "try", "get"]),
        }  # fmt: skip
        return re.sub(r"\{(\w+)\}", lambda m: slots.get(m.group(1), m.group()), template)

    def headline(self) -> str:
        return self.rng.choice(self.found.headlines) if self.found.headlines else self.phrase().title()

    def cased(self, text: str) -> str:
        draw = self.rng.random()
        if draw < 0.62:
            return text
        return text.title() if draw < 0.85 else text.upper() if draw < 0.92 else text[:1].upper() + text[1:]

    def fragment(self) -> Noise:
        rng, draw = self.rng, self.rng.random()
        if draw < 0.46:
            return Noise(self.cased(self.phrase()), "a", "keyword_spam", "kw")
        if draw < 0.54:
            topic = rng.choice(self._topics)
            return Noise(", ".join(self.phrase(topic) for _ in range(rng.randint(2, 4))), "a", "keyword_spam", "kw")
        if draw < 0.64:
            return Noise(self.link(rng.choice(self._topics)), "a", "link_spam", "url")
        if draw < 0.82 or not self.found.fragments:
            label, template = rng.choice(self.vocabulary.templates["label"])
            return Noise(self.fill(template), "a", label, "label")
        label, text = rng.choice(self.found.fragments)
        return Noise(text, "a", label, "real")

    def promo(self) -> Noise:
        if self.rng.random() < 0.5 or not self.found.sentences:
            label, template = self.rng.choice(self.vocabulary.templates["promo"])
            return Noise(self.fill(template), "c", label, "template")
        label, text = self.rng.choice(self.found.sentences)
        return Noise(text, "c", label, "real")

    def block(self) -> Noise:
        rng, draw = self.rng, self.rng.random()
        if draw < 0.32 and self.found.blocks:
            label, text = rng.choice(self.found.blocks)
            lines = text.split("\n")
            size = rng.randint(3, 12)
            first = rng.randrange(max(1, len(lines) - size + 1))
            return Noise("\n".join(lines[first : first + size]), "d", label, "real")
        if draw < 0.58:
            title = [self._one_of("block_titles")] if rng.random() < 0.6 else []
            return Noise(
                "\n".join(title + [self.headline() for _ in range(rng.randint(3, 8))]),
                "d",
                "related_links",
                "headlines",
            )
        if draw < 0.66:
            return self.pitches()
        if draw < 0.82:
            topic = rng.choice(self._topics) if rng.random() < 0.6 else None
            joiner = rng.choice([", ", " ", " · ", "\n"])
            return Noise(
                joiner.join(self.phrase(topic) for _ in range(rng.randint(8, 25))), "d", "keyword_spam", "tag_cloud"
            )
        templates = [rng.choice(self.vocabulary.templates["spam"])[1] for _ in range(rng.randint(3, 5))]
        return Noise(" ".join(self.fill(template) for template in templates), "d", "link_spam", "paragraph")

    def pitches(self) -> Noise:
        """Promotional sentences one below the other, as many a page ends: letters, membership, sharing, the author."""
        promos = [self.promo() for _ in range(self.rng.randint(3, 10))]
        return Noise("\n".join(promo.text for promo in promos), "d", promos[0].label, "pitches")

    def spam(self) -> Noise:
        rng, draw = self.rng, self.rng.random()
        if draw < 0.55:
            label, template = rng.choice(self.vocabulary.templates["spam"])
            return Noise(self.fill(template), "e", label, "template")
        if draw < 0.82 and self.found.spam:
            label, text = rng.choice(self.found.spam)
            return Noise(text, "e", label, "real")
        topic = rng.choice(self._topics)
        return Noise(
            rng.choice([" ", ", ", " | "]).join(self.phrase(topic) for _ in range(rng.randint(4, 12))),
            "e",
            "keyword_spam",
            "list",
        )

    def furniture(self) -> tuple[Noise, bool]:
        """A menu for the top of the page or a footer for its end; whether it is for the top."""
        rng = self.rng
        if rng.random() < 0.5:
            menu = rng.choice(self.vocabulary.menus)
            return Noise(rng.choice(["\n", " | ", " > ", " ", " · "]).join(menu), "f", "site_furniture", "menu"), True
        return Noise(
            "\n".join(self.fill(line) for line in rng.choice(self.vocabulary.footers)), "f", "legal_footer", "footer"
        ), False


def sentence_ends(text: str) -> list[int]:
    """Offsets just behind each sentence, ends of lines included."""
    ends = []
    for match in _SENTENCE_END.finditer(text):
        at_line_end = text[match.end() : match.end() + 1] in ("\n", "")
        if (
            match.group()[0] == "."
            and not at_line_end
            and _ABBREVIATED.search(text[max(0, match.start() - 6) : match.start()])
        ):
            continue
        ends.append(match.end())
    return ends


@dataclass(frozen=True, slots=True)
class Insertion:
    """A piece of noise and where it goes: behind `at` characters, with what stands before and behind it."""

    at: int
    before: str
    noise: Noise
    after: str
    place: str


@dataclass(frozen=True)
class Recipe:
    """How documents are made. Shares are of documents."""

    clean: float = 0.34
    short: float = 0.25
    furniture: float = 0.06
    rough: float = 0.12
    headline: float = 0.2
    digest: float = 0.1
    kinds: str = "aaaaaaabbcccccddeeee"
    inside: float = 0.16  # share of the fragments that stand inside a sentence
    inside_sorts: tuple[str, ...] = ("kw", "url")
    places: tuple[float, float, float] = (0.26, 0.42, 0.56)  # where the others stand: see `_place_fragment`
    run_on: float = 0.0  # share of what goes beside a sentence that goes beside a line without a full stop, if any
    seed: int = 20
    layouts: tuple[float, float, float] = field(default=(0.06, 0.03, 0.25))  # wrapped lines, a single line, blank lines


def make_documents(
    hosts: Sequence[Host], makers: Sequence[NoiseMaker], count: int, recipe: Recipe
) -> Iterator[Document]:
    """Yield `count` documents, made in turn by `makers` (one a fold) from the hosts of the same fold."""
    rng = random.Random(recipe.seed)
    folds = len(makers)
    dealt = [
        [host for host in hosts if folds == 1 or fold_of(host.group or host.id, folds) == fold] for fold in range(folds)
    ]
    orders: list[list[Host]] = [[] for _ in makers]
    made = 0
    while made < count:
        fold = made % folds
        if not orders[fold]:
            orders[fold] = rng.sample(dealt[fold], len(dealt[fold]))
        host = orders[fold].pop()
        if rng.random() < recipe.digest:
            host = bulletin(rng, host, dealt[fold])
        host = _under_headline(rng, host, makers[fold], recipe)
        host = laid_out(rng, host, recipe.short, recipe.rough, recipe.layouts)
        document = _inject(rng, host, makers[fold], dealt[fold], _plan(rng, recipe, len(host.text)), recipe)
        if document is not None:
            yield replace(document, id=f"made-{recipe.seed}-{made:05d}", group=f"fold-{fold}")
            made += 1


def _under_headline(rng: random.Random, host: Host, maker: NoiseMaker, recipe: Recipe) -> Host:
    """The host under some headline: whatever it says, the first line of an article is kept."""
    if rng.random() >= recipe.headline or len(host.text.split("\n", 1)[0]) < 90:
        return host
    return replace(host, text=f"{maker.headline()}\n{host.text}")


def _plan(rng: random.Random, recipe: Recipe, length: int) -> str:
    if rng.random() < recipe.clean:
        return ""
    limit = 2 if length < 1000 else 6
    if rng.random() < 0.7:
        kind = rng.choice(recipe.kinds)
        return (kind * rng.choice([1, 1, 2, 2, 3] if kind not in "bd" else [1, 1, 1, 2]))[:limit]
    return "".join(rng.choice(recipe.kinds) for _ in range(rng.randint(2, 6)))[:limit]


def _inject(
    rng: random.Random, host: Host, maker: NoiseMaker, others: Sequence[Host], plan: str, recipe: Recipe
) -> Document | None:
    ends = sentence_ends(host.text)
    if not ends:
        return None
    make = {"a": maker.fragment, "c": maker.promo, "d": maker.block, "e": maker.spam}
    insertions: list[Insertion] = []
    for kind in plan:
        noise = _intruder(rng, host, others) if kind == "b" else make[kind]()
        text = "\n".join(
            re.sub(r"\s+", " ", line).strip() for line in (noise.text if noise else "").split("\n")
        ).strip()
        if noise is None or not text:
            continue
        insertion = _place(rng, host.text, ends, replace(noise, text=text), maker, recipe)
        if all(abs(insertion.at - other.at) > 3 for other in insertions):
            insertions.append(insertion)
    if plan and not insertions:
        return None
    if plan and rng.random() < recipe.furniture:
        noise, top = maker.furniture()
        at = 0 if top else len(host.text)
        if all(abs(at - other.at) > 3 for other in insertions):
            insertions.append(Insertion(at, "" if top else "\n", noise, "\n" if top else "", "line"))
    return assembled(host, sorted(insertions, key=lambda i: i.at))


def _intruder(rng: random.Random, host: Host, others: Sequence[Host]) -> Noise | None:
    same = [other for other in rng.sample(others, min(12, len(others))) if other.source == host.source]
    origin = rng.choice(same or list(others)) if rng.random() < 0.6 else rng.choice(others)
    borders = [0, *sentence_ends(origin.text)]
    found = [origin.text[a:b].strip() for a, b in pairwise(borders)]
    found = [
        s
        for s in found
        if 8 <= len(s.split()) <= 45 and s[-1] in '.!?”"' and s[0].isupper() and s not in host.text and "\n" not in s
    ]
    return Noise(rng.choice(found), "b", "off_topic", "sentence") if found and origin.id != host.id else None


def _place(
    rng: random.Random, text: str, ends: Sequence[int], noise: Noise, maker: NoiseMaker, recipe: Recipe
) -> Insertion:
    lines = line_ends(text, ends)
    if noise.kind == "a":
        return _place_fragment(rng, text, ends, noise, maker, recipe)
    if noise.kind == "b":
        inside = [end for end in ends[:-1] if end < len(text) and text[end] != "\n"]
        if inside and rng.random() < 0.75:
            return Insertion(rng.choice(inside), " ", noise, "", "after")
        return Insertion(rng.choice(lines), " " if rng.random() < 0.5 else line_break(text), noise, "", "after")
    if "\n" not in noise.text and rng.random() < {"c": 0.4, "d": 0.0, "e": 0.55}[noise.kind]:
        return Insertion(_behind(rng, text, ends, recipe), " ", noise, "", "after")
    return Insertion(rng.choice(lines), line_break(text), noise, "", "line")


def _behind(rng: random.Random, text: str, ends: Sequence[int], recipe: Recipe) -> int:
    """A place behind a sentence or a line."""
    if recipe.run_on and rng.random() < recipe.run_on:
        ends = [end for end in line_ends(text, ends) if text[end - 1].isalnum()] or ends
    return rng.choice(ends)


def _before(rng: random.Random, text: str, ends: Sequence[int], recipe: Recipe) -> int:
    """A place before a sentence or a line."""
    starts = [0] + [end + 1 for end in ends if end + 1 < len(text) and text[end : end + 2] != "\n\n"]
    if recipe.run_on and rng.random() < recipe.run_on:
        lines = [m.start() for m in _OPEN_LINE.finditer(text)]
        starts = lines or starts
    return rng.choice(starts)


def line_ends(text: str, ends: Sequence[int]) -> list[int]:
    """Those of the ends of sentences that end lines."""
    return [end for end in ends if end >= len(text) or text[end] == "\n"] or [ends[-1]]


def line_break(text: str) -> str:
    """What stands between the paragraphs of a text."""
    return "\n\n" if "\n\n" in text else "\n"


def _place_fragment(
    rng: random.Random, text: str, ends: Sequence[int], noise: Noise, maker: NoiseMaker, recipe: Recipe
) -> Insertion:
    draw = rng.random()
    gaps = [m.start() for m in INSIDE.finditer(text)]
    if draw < recipe.inside and gaps and noise.sort in recipe.inside_sorts:
        return Insertion(rng.choice(gaps), " ", noise, "", "mid")
    glued, before, line = recipe.places  # up to these shares; the rest stands behind a sentence
    if draw < glued:
        return Insertion(_behind(rng, text, ends, recipe), "", noise, "", "glued")
    if draw < before:
        return Insertion(_before(rng, text, ends, recipe), "", noise, " ", "before")
    if draw < line:
        return Insertion(rng.choice(line_ends(text, ends)), line_break(text), noise, "", "line")
    separator = maker.rng.choice(maker.vocabulary.lists["separators"]) if rng.random() < 0.25 else " "
    return Insertion(_behind(rng, text, ends, recipe), separator, noise, "", "after")


def assembled(host: Host, insertions: Sequence[Insertion]) -> Document:
    """The article with the noise in it, in the order of places."""
    pieces: list[str] = []
    length = last = 0
    spans, detail = [], []
    for insertion in insertions:
        kept, noise = host.text[last : insertion.at], insertion.noise
        pieces += (kept, insertion.before, noise.text, insertion.after)
        start = length + len(kept) + len(insertion.before)
        length = start + len(noise.text) + len(insertion.after)
        spans.append(Labelled(start, start + len(noise.text), noise.label))
        detail.append(f"{noise.kind}:{noise.sort}/{insertion.place}")
        last = insertion.at
    text = "".join([*pieces, host.text[last:]])
    return Document(host.id, text, tuple(spans), source=host.source, group=host.group, detail=tuple(detail))
