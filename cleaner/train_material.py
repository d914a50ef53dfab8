"""Gathers what a noise model is trained on: clean articles, found noise, labelled documents, each in its fold."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cleaner import sources
from cleaner.dataset import Document, read_documents
from cleaner.errors import DataError
from cleaner.hosts import BULLETIN, NEWS, TRUSTED, Host, bulletin
from cleaner.policy import KEEP, labels
from cleaner.synthesis import NoiseMaker, Recipe, make_documents
from cleaner.transplant import transplants
from cleaner.vocabulary import FOLDS, Found, Vocabulary, fold_of, held_out, is_test

LEFTOVERS = "leftovers/*.jsonl"
"""In the folder of our labelled documents: the noise of pages without their articles, a letter for each sentence."""

ALIKE = "alike/*.jsonl"
"""True articles that look like noise and only teach; with those beside the other documents models are checked, too."""

AGENCY_HOSTS = 1500
"""Short agency news among the hosts; more of it would make every document look like that. The other sources of the news
corpus hold noise of their own, so they teach the lexicon but are no hosts."""

BULLETINS = 0.5
"""Bulletins that are measured, for each article of news."""

OUTPUTS = 3
"""Outputs of extractors that the page side learns from, of each page and sort."""

LEARNT_LINES = 20
"""Lines from which the output of an extractor of articles teaches the page side: half of those from which a text is
judged by it (`cleaner.model.LINES`), as there are few."""

INSERTED, RUN_ON = 20_000, 20_000
"""Documents made to have words inside sentences, and such as have them beside headlines, on one line, without a
boundary."""

MOVED = 30_000
"""Documents that get all the noise of one of our own (`cleaner.transplant`)."""

INTRUDED = 12_000
"""Documents made to have sentences of another story, of which the others hold few."""


@dataclass(frozen=True)
class Material:
    """What a model is trained on.

    Attributes:
        documents: (fold, document) pairs that the article side learns from.
        pages: (fold, document) pairs that the page side learns from: what extractors make of whole pages, and what
            those that look for the article deliver, where it has enough lines to be judged as a page. The latter
            teaches which tables and lists are the article's.
        articles: clean texts for the lexicon.
        apart: those of them that are in no document.
        measured: (fold, document) pairs: clean articles of `TRUSTED` sources, whole and cut short, that train nothing
            and tell what each cut would lose.
        inserted: (fold, document) pairs made to have words inside sentences, or on one line with headlines, which only
            `cleaner.inserts` learns from.
        texts: the articles with their folds, -1 for those of `apart`.
    """

    documents: tuple[tuple[int, Document], ...]
    pages: tuple[tuple[int, Document], ...]
    articles: tuple[str, ...]
    apart: tuple[str, ...] = ()
    measured: tuple[tuple[int, Document], ...] = ()
    inserted: tuple[tuple[int, Document], ...] = ()
    texts: tuple[tuple[int, str], ...] = ()


def gather(data: Path, corpora: Path | None, made: int, seed: int) -> Material:
    """Our own documents, real residue, and documents made by injection, each in its fold.

    Raises:
        DataError: labelled data that breaks its format, or too little of it.
    """
    own = [
        document
        for path in (*sorted(data.glob("*.jsonl")), *sorted(data.glob(ALIKE)))
        for document in read_labelled(path)
        if not is_test(document)
    ]
    leftovers = [document for path in sorted(data.glob(LEFTOVERS)) for document in read_documents(path)]
    donors = own + leftovers
    hosts = own_hosts(own)
    found = Found()
    rest: list[Document] = []
    pages: list[Document] = []
    apart: tuple[str, ...] = ()
    if corpora is not None:
        found = held_out(sources.found_noise(corpora), test=False)
        hosts += sources.injection_hosts(corpora, "train")
        news = [
            h
            for h in sources.news_hosts(corpora, "clean_lm")
            if h.source not in (*sources.UNSEEN, *sources.IN_INJECTION)
        ]
        agency = [h for h in news if h.source == "reuters"][:AGENCY_HOSTS]
        hosts += agency
        given = {h.id for h in agency}
        apart = tuple(h.text for h in news if h.id not in given)
        hosts += [h for corpus in ("andy", "wcxb") for h in sources.gold_hosts(corpora, corpus)]
        for corpus in ("andy", "wcxb", "chinese"):
            rest += sources.residue_documents(corpora, corpus, "train", sources.ARTICLE_EXTRACTORS)
            pages += page_documents(corpora, corpus)
    if len({fold_of(host.group or host.id) for host in hosts}) < FOLDS:
        raise DataError(f"{data}: {len(own)} labelled documents are too few; each of {FOLDS} folds needs some, by site")
    articles = apart + tuple(host.text for host in hosts)
    found = replace(found, drawn_phrases=random_phrases(articles, seed))
    vocabulary = Vocabulary.read(data / "vocabulary")
    makers = [
        # What stands on a page is in the fold of the page, whichever way it comes into a document.
        NoiseMaker(
            vocabulary.fold(f),
            found.fold(f) + own_noise([d for d in donors if fold_of(d.group) == f]),
            random.Random(f"{seed}/{f}"),
        )
        for f in range(FOLDS)
    ]
    injected = list(make_documents(hosts, makers, made if corpora else min(made, 1200), Recipe(seed=seed)))
    recipe = Recipe(clean=0.2, furniture=0, kinds="bbbbbbbbac", seed=seed + 2)
    injected += make_documents(hosts, makers, min(made, INTRUDED if corpora else 400), recipe)
    injected += transplants(donors, hosts, FOLDS, min(made, MOVED if corpora else 400), seed)
    documents = [(int(d.group[-1]), d) for d in injected]
    documents += [(fold_of(d.group), d) for d in (*own, *rest)]
    recipe = Recipe(
        clean=0, furniture=0, headline=0.6, kinds="aaaaaace", inside=0.55, inside_sorts=("kw", "label", "real"),
        places=(0.55, 0.8, 0.8), run_on=0.6, seed=seed + 1,
    )  # fmt: skip
    inserted = list(make_documents(hosts, makers, min(made, INSERTED if corpora else 400), recipe))
    recipe = replace(
        recipe, kinds="aaaaccee", digest=0.4, inside=0.05, places=(0.35, 0.6, 0.6), run_on=0.95, seed=seed + 3
    )
    inserted += make_documents(hosts, makers, min(made, RUN_ON if corpora else 400), recipe)
    return Material(
        tuple(documents),
        tuple((fold_of(d.group), d) for d in pages),
        articles,
        apart,
        tuple(measured_documents(hosts, seed)),
        tuple((int(d.group[-1]), d) for d in inserted),
        (*((-1, text) for text in apart), *((fold_of(host.group or host.id), host.text) for host in hosts)),
    )


def page_documents(corpora: Path, corpus: str) -> Iterator[Document]:
    """What the page side learns from: the output of extractors of whole pages, and of others that is long enough."""
    yield from sources.residue_documents(corpora, corpus, "train", sources.PAGE_EXTRACTORS, OUTPUTS)
    for document in sources.residue_documents(corpora, corpus, "train", sources.ARTICLE_EXTRACTORS, OUTPUTS):
        if document.text.count("\n") >= LEARNT_LINES:
            yield document


def measured_documents(hosts: Sequence[Host], seed: int) -> Iterator[tuple[int, Document]]:
    """The hosts of `TRUSTED` sources as clean documents, each whole and as one to four paragraphs of it; and bulletins
    of news, in the same way: articles have hardly a headline but the first."""
    rng = random.Random(f"measured/{seed}")
    news: dict[int, list[Host]] = {}
    hosts = [host for host in hosts if host.source in TRUSTED and not sources.has_fault(host.text)]
    for host in hosts:
        if host.source in NEWS:
            news.setdefault(fold_of(host.group or host.id), []).append(host)
    for host in hosts:
        fold = fold_of(host.group or host.id)
        yield from _whole_and_short(rng, fold, host)
        if host.source in NEWS and rng.random() < BULLETINS:
            yield from _whole_and_short(rng, fold, bulletin(rng, replace(host, id=f"{host.id}/bulletin"), news[fold]))


def _whole_and_short(rng: random.Random, fold: int, host: Host) -> Iterator[tuple[int, Document]]:
    yield fold, Document(f"{host.id}/whole", host.text, source=host.source)
    lines = [line for line in host.text.split("\n") if line.strip()]
    first = 0 if rng.random() < 0.5 else rng.randrange(max(len(lines), 1))
    if len(lines) > (size := rng.randint(1, 4)):
        part = lines[first : first + size]
        if host.source == BULLETIN:
            part = _without_last_headline(part)
        yield fold, Document(f"{host.id}/short", "\n".join(part), source=host.source)


def _without_last_headline(lines: list[str]) -> list[str]:
    """The lines up to the last one that ends like a sentence; a headline without its story is no article."""
    ends = [number for number, line in enumerate(lines, 1) if line.rstrip("\"”’')")[-1:] in tuple(".!?")]
    return lines[: ends[-1]] if ends else lines[:1]


def read_labelled(path: Path) -> Iterator[Document]:
    """The documents of one file of `training_data/` that are for the noise stage."""
    if not path.name.startswith(("repair", "typo")):
        yield from read_documents(path)


def own_hosts(own: Sequence[Document]) -> list[Host]:
    """Our documents without their noise, as clean articles."""
    hosts = []
    for document in own:
        text, last, pieces = document.text, 0, []
        for span in document.spans:
            if labels()[span.label].action != KEEP:
                pieces.append(text[last : span.start].rstrip(" "))
                last = span.end
        lines = "".join([*pieces, text[last:]]).split("\n")
        hosts.append(Host(document.id, "\n".join(line.strip() for line in lines if line.strip()), "own", document.site))
    return [host for host in hosts if len(host.text) > 80]


PHRASE, PARAGRAPH = 8, 25
"""Words up to which a piece of keyword spam is a search phrase, and from which spam on one line is a block."""


def own_noise(own: Sequence[Document]) -> Found:
    """The noise of our documents, to be put into other articles."""
    pieces = [(s.label, d.text[s.start : s.end]) for d in own for s in d.spans if labels()[s.label].action != KEEP]
    pieces = [(label, text) for label, text in pieces if label != "off_topic"]
    spam = ("keyword_spam", "link_spam", "comment_spam")

    def lines(least: int, most: int, *of: str) -> tuple[tuple[str, str], ...]:
        return tuple(p for p in pieces if "\n" not in p[1] and least <= len(p[1].split()) <= most and p[0] in of)

    others = tuple(label for label in labels() if label not in spam)
    return Found(
        fragments=lines(1, 6, *others, "keyword_spam", "link_spam"),
        sentences=lines(7, 1000, *others),
        spam=lines(7, PARAGRAPH - 1, "keyword_spam") + lines(7, 1000, "link_spam", "comment_spam"),
        blocks=tuple(p for p in pieces if "\n" in p[1]) + lines(PARAGRAPH, 1000, "keyword_spam", "link_spam"),
        phrases=tuple(text for _, text in lines(1, PHRASE, "keyword_spam")),
    )


def random_phrases(articles: Sequence[str], seed: int, count: int = 6000) -> tuple[str, ...]:
    """Search-like phrases of random content words of the articles: topics that nobody thought of."""
    rng = random.Random(seed)
    phrases = set()
    for _ in range(count):
        words = [w for w in rng.choice(articles).split() if w.isalpha() and w.islower() and 4 <= len(w) <= 12]
        if len(words) > 20:
            start = rng.randrange(len(words) - 12)
            phrases.add(" ".join(rng.sample(words[start : start + 12], rng.choice([2, 2, 2, 3, 3, 4]))))
    return tuple(sorted(phrases))
