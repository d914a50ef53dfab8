"""Documents made by injection: their spans are exact, and no document mixes folds."""

from __future__ import annotations

import json
import lzma
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from cleaner.dataset import Document, Labelled, read_documents
from cleaner.errors import DataError
from cleaner.hosts import Host, bulletin
from cleaner.policy import labels, noise_labels
from cleaner.sources import ARTICLE_EXTRACTORS, PAGE_EXTRACTORS, residue_documents
from cleaner.synthesis import NoiseMaker, Recipe, make_documents, sentence_ends
from cleaner.train_material import own_hosts, own_noise, page_documents
from cleaner.vocabulary import FOLDS, Found, Vocabulary, fold_of, held_out, is_test

DATA = ROOT / "training_data"
VOCABULARY = Vocabulary.read(DATA / "vocabulary")
OWN = [d for name in ("genres", "local", "trade", "world") for d in read_documents(DATA / f"{name}.jsonl")]
HOSTS = own_hosts(OWN)
FOUND = own_noise(OWN)


def made(count: int, recipe: Recipe, folds: int = FOLDS) -> list[Document]:
    rngs = [random.Random(f"{recipe.seed}/{fold}") for fold in range(folds)]
    makers = [NoiseMaker(VOCABULARY.fold(fold), FOUND.fold(fold), rng) for fold, rng in enumerate(rngs)]
    return list(make_documents(HOSTS, makers, count, recipe))


PLAIN = Recipe(clean=0.0, rough=0.0, headline=0.0, layouts=(0.0, 0.0, 0.3), seed=11)
DOCUMENTS = made(200, PLAIN)


def without_noise(document: Document) -> str:
    pieces, last = [], 0
    for span in document.spans:
        pieces.append(document.text[last : span.start])
        last = span.end
    return "".join([*pieces, document.text[last:]])


def test_spans_are_exact_and_in_order() -> None:
    for document in DOCUMENTS:
        last = 0
        for span in document.spans:
            assert last <= span.start < span.end <= len(document.text)
            quote = document.text[span.start : span.end]
            assert quote == quote.strip()
            assert span.label in noise_labels()
            last = span.end
        assert len(document.detail) == len(document.spans) > 0


def test_without_its_spans_a_document_is_its_host() -> None:
    lines = {"".join(host.text.split()) for host in HOSTS}
    joined = "\n".join(lines)
    checked = 0
    for document in DOCUMENTS:
        if any("sep" in detail for detail in document.detail):
            continue
        rest = "".join(without_noise(document).split())
        checked += rest in joined
    assert checked > 0.8 * len(DOCUMENTS)  # the others have a separator of the injector's own, " - ", " | "


def test_the_details_name_kind_sort_and_place() -> None:
    kinds = {detail.partition(":")[0] for document in DOCUMENTS for detail in document.detail}
    assert kinds >= set("abcde")
    places = {detail.partition("/")[2] for document in DOCUMENTS for detail in document.detail}
    assert places == {"mid", "glued", "before", "line", "after"}


def test_what_runs_on_stands_beside_a_line_without_a_stop() -> None:
    places = (0.4, 0.8, 0.8)
    run_on = made(150, replace(PLAIN, kinds="a", inside=0.0, digest=0.0, places=places, run_on=1.0))
    stops = {"glued": [], "before": [], "after": []}  # type: dict[str, list[bool]]
    for document in run_on:
        if len(document.spans) == 1:
            (span,), (detail,) = document.spans, document.detail
            place = detail.rpartition("/")[2]
            text = document.text
            line = text[span.end :] if place == "before" else text[: span.start].rstrip(" |·»–—-•/.,;:~")
            line = line.split("\n")[0] if place == "before" else line.split("\n")[-1]
            stops[place].append(line.rstrip().endswith((".", "!", "?")))
    for place, found in stops.items():
        assert len(found) > 5, place
        assert sum(found) < len(found) / 3, place


def test_the_same_seed_makes_the_same_documents() -> None:
    assert made(40, PLAIN) == DOCUMENTS[:40]
    assert [d.text for d in made(10, Recipe(seed=1))] != [d.text for d in made(10, Recipe(seed=2))]


def test_a_share_of_the_documents_stays_clean() -> None:
    documents = made(150, Recipe(clean=0.5, seed=3))
    assert 0.3 < sum(not document.spans for document in documents) / 150 < 0.7


def test_documents_get_ids_of_their_own() -> None:
    assert len({document.id for document in DOCUMENTS}) == len(DOCUMENTS)


# Folds ----------------------------------------------------------------------------------------------------------------


@given(st.text())
def test_every_group_has_one_fold(group: str) -> None:
    assert fold_of(group) == fold_of(group)
    assert 0 <= fold_of(group) < FOLDS


def test_the_folds_of_a_vocabulary_share_nothing() -> None:
    parts = [VOCABULARY.fold(number) for number in range(FOLDS)]
    topics = [set(part.topics) for part in parts]
    assert sum(map(len, topics)) == len(VOCABULARY.topics) == len(set().union(*topics))
    for kind, rows in VOCABULARY.templates.items():
        dealt = [set(part.templates[kind]) for part in parts]
        assert sum(map(len, dealt)) == len(set(rows)), kind
        assert set().union(*dealt) == set(rows)


def test_the_folds_of_what_was_found_share_nothing() -> None:
    parts = [FOUND.fold(number) for number in range(FOLDS)]
    for name in ("fragments", "sentences", "spam", "blocks", "phrases"):
        dealt = [piece for part in parts for piece in getattr(part, name)]
        assert sorted(dealt) == sorted(getattr(FOUND, name))
        folds: dict[object, set[int]] = {}
        for number, part in enumerate(parts):
            for piece in getattr(part, name):
                folds.setdefault(piece, set()).add(number)
        assert all(len(numbers) == 1 for numbers in folds.values())


def test_a_document_never_mixes_folds() -> None:
    fold_of_host = {"".join(host.text.split())[:200]: fold_of(host.group or host.id) for host in HOSTS}
    phrases = {phrase: fold_of(phrase) for phrase in FOUND.phrases}
    hits = 0
    recipe = Recipe(short=0.0, headline=0.0, rough=0.0, furniture=0.0, digest=0.0, seed=5)
    for number, document in enumerate(made(150, recipe)):
        fold = int(document.group.removeprefix("fold-"))
        assert fold == number % FOLDS
        start = "".join(document.text.split())[:200]
        if not document.spans:
            assert fold_of_host[start] == fold
            hits += 1
        for span, detail in zip(document.spans, document.detail, strict=True):
            if detail.startswith("a:kw") and document.text[span.start : span.end] in phrases:
                quote = document.text[span.start : span.end]
                assert phrases[quote] == fold or quote in {p for t in VOCABULARY.fold(fold).topics.values() for p in t}
                hits += 1
    assert hits > 20


def test_a_bulletin_is_as_trustworthy_as_its_first_story() -> None:
    def host(number: int, source: str) -> Host:
        return Host(f"{source}/{number}", f"Pier {number} of the {source} is shut\nNobody knew why.", source)

    hosts = [host(number, source) for number in range(40) for source in ("bbc", "reuters", "own", "blog", "shop")]
    expected = {"bbc": ("bulletin", {"bbc", "reuters"}), "own": ("own", {"own"}), "blog": ("blog", {"blog", "shop"})}
    for source, (of_bulletin, sources) in expected.items():
        made = [bulletin(random.Random(seed), host(99, source), hosts) for seed in range(12)]
        assert {one.source for one in made} == {of_bulletin}
        named = {line.split()[4] for one in made for line in one.text.split("\n") if line.endswith("shut")}
        assert named == sources


def test_what_is_held_out_is_in_no_other_part() -> None:
    test, rest = held_out(FOUND, test=True), held_out(FOUND, test=False)
    for name in ("fragments", "sentences", "spam"):
        one, other = set(getattr(test, name)), set(getattr(rest, name))
        assert not one & other
        assert one | other == set(getattr(FOUND, name))
    share = sum(map(is_test, OWN)) / len(OWN)
    assert 0.08 < share < 0.27


def test_found_material_adds_up() -> None:
    both = Found(headlines=("a",), phrases=("x",)) + Found(headlines=("b",))
    assert both == Found(headlines=("a", "b"), phrases=("x",))


# Parts ----------------------------------------------------------------------------------------------------------------


def test_every_kind_of_noise_is_filled_in() -> None:
    maker = NoiseMaker(VOCABULARY, FOUND, random.Random(8))
    for make in (maker.fragment, maker.promo, maker.block, maker.spam):
        for _ in range(150):
            noise = make()
            assert noise.text.strip(), noise
            assert noise.label in noise_labels()
            assert noise.sort
            assert not re.search(r"\{(?:[kKuhnpod]|k2|k3)\}", noise.text), noise


def test_furniture_is_for_the_top_or_the_end() -> None:
    maker = NoiseMaker(VOCABULARY, Found(), random.Random(9))
    made_of = {(noise.sort, top) for noise, top in (maker.furniture() for _ in range(30))}
    assert made_of == {("menu", True), ("footer", False)}


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It left. It came.", ["It left.", "It came."]),
        ("Dr. Marsh left. He came back.", ["Dr. Marsh left.", "He came back."]),
        ("“It left.” It came!", ["“It left.”", "It came!"]),
        ("J. R. Hale left.\nHe came", ["J. R. Hale left.", "He came"]),
        ("It cost 2.1 million. Why?", ["It cost 2.1 million.", "Why?"]),
        ("a headline\n\nIt left.", ["a headline", "It left."]),
        ("", []),
    ],
)
def test_sentence_ends(text: str, sentences: list[str]) -> None:
    ends = sentence_ends(text)
    assert [text[a:b].strip() for a, b in zip([0, *ends], ends, strict=False)] == sentences


def test_our_documents_without_their_noise_are_hosts() -> None:
    document = Document("a", "The ferry is late. cheap loans\nShare on Facebook\n" + "Nobody knows why. " * 6, site="s")
    spans = [("cheap loans", "keyword_spam"), ("Share on Facebook", "share_bar")]
    marked = tuple(
        Labelled(document.text.index(quote), document.text.index(quote) + len(quote), label) for quote, label in spans
    )
    (host,) = own_hosts([Document("a", document.text, marked, site="s")])
    assert host.text == "The ferry is late.\n" + ("Nobody knows why. " * 6).strip()
    assert host.group == "s"


def test_a_host_that_is_too_short_is_none() -> None:
    assert own_hosts([Document("a", "Too short.")]) == []
    assert [host for host in HOSTS if isinstance(host, Host) and len(host.text) <= 80] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "No such file.*topics and templates"),
        ("= 1", "vocabulary.toml: "),
        ("[topics]", "'templates' is missing"),
        ('templates = [{kind = "song", label = "advert", text = "x"}]', "'song' is missing"),
    ],
)
def test_a_broken_vocabulary(text: str | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        Vocabulary.read(path)


# The output of extractors ---------------------------------------------------------------------------------------------


def pages(folder: Path) -> Path:
    """Corpora of two pages: a long output of each extractor of articles, a short one of each of whole pages."""
    long, short = [["keep", f"Row {n}"] for n in range(30)], [["keep", "A line of text."], ["noise", "Share this"]]
    rows = [
        {
            "id": f"page-{n}", "corpus": "andy", "domain": f"site{n}.example", "title": "", "gold_text": "",
            "outputs": {
                **dict.fromkeys(PAGE_EXTRACTORS, short), **dict.fromkeys(ARTICLE_EXTRACTORS, long if n else short),
                "goose3": [],
            },
        }
        for n in range(2)
    ]  # fmt: skip
    (folder / "noise").mkdir()
    with lzma.open(folder / "noise" / "andy.train.jsonl.xz", "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row) + "\n" for row in rows)
    return folder


@pytest.mark.parametrize(("outputs", "count"), [(1, 2), (3, 6), (9, 10)])
def test_so_many_outputs_of_a_page_are_taken_and_no_empty_one(tmp_path: Path, outputs: int, count: int) -> None:
    found = list(residue_documents(pages(tmp_path), "andy", "train", ARTICLE_EXTRACTORS, outputs))
    assert len(found) == len({d.id for d in found}) == count
    assert all(d.text and d.source != "andy/goose3" for d in found)


def test_the_page_side_learns_from_whole_pages_and_from_long_articles(tmp_path: Path) -> None:
    found = [d.source.partition("/")[2] for d in page_documents(pages(tmp_path), "andy")]
    assert sum(extractor in PAGE_EXTRACTORS for extractor in found) == 2 * 3
    assert sum(extractor in ARTICLE_EXTRACTORS for extractor in found) == 3


def test_stacked_pitches_are_one_block_of_promotional_sentences() -> None:
    maker = NoiseMaker(VOCABULARY, Found(), random.Random(10))
    for _ in range(20):
        noise = maker.pitches()
        assert (noise.kind, noise.sort) == ("d", "pitches")
        assert 3 <= len(noise.text.split("\n")) <= 10
        assert labels()[noise.label].action == "remove"
