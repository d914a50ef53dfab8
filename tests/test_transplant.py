"""All noise of one labelled page, put into another article."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cleaner import transplant
from cleaner.dataset import Document, Labelled
from cleaner.hosts import Host
from cleaner.transplant import MOVED, transplants
from cleaner.vocabulary import FOLDS, fold_of

PIECES = (
    ("site_furniture", "Home > Harbour > News"),
    ("link_spam", "cheap ferry tickets"),
    ("keyword_spam", "wall tiles"),
    ("share_bar", "Share on Facebook"),
    ("off_topic", "The spinner took nine wickets."),
    ("caption", "The ferry at the wall."),
    ("author_bio", "Ruth Calder covers the harbour.\nWrite to her."),
)
TEXT = (
    "Home > Harbour > News\nThe ferry is late. cheap ferry tickets\nIt was built to carry wall tiles forty people.\n"
    "Share on Facebook\nThe spinner took nine wickets. Nobody knows why.\nThe ferry at the wall.\n"
    "Ruth Calder covers the harbour.\nWrite to her."
)
HOST = Host(
    "host",
    "Mill to close by May\nThe mill will close by May, its owners said. It opened in the year of the flood.\n"
    "Nobody has yet said what will become of the wheel. The town wants to buy it.\n"
    "A meeting will be held on Friday in the chapel.",
    "own",
)  # fmt: skip


def page() -> Document:
    spans = [Labelled(TEXT.index(piece), TEXT.index(piece) + len(piece), label) for label, piece in PIECES]
    return Document("page", TEXT, tuple(sorted(spans, key=lambda span: span.start)), group="page.example")


def made(count: int = 20, seed: int = 1) -> list[Document]:
    return list(transplants([page()], [HOST], 1, count, seed))


def test_all_noise_moves_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transplant, "SHORT", 0)
    monkeypatch.setattr(transplant, "ROUGH", 0)
    moved = [piece for label, piece in PIECES if label not in ("off_topic", "caption")]
    for document in made():
        assert sorted(document.text[s.start : s.end] for s in document.spans) == sorted(moved)
        left, last = "", 0
        for span in document.spans:
            left += document.text[last : span.start] + " "
            last = span.end
        assert (left + document.text[last:]).split() == HOST.text.split()
        assert all(kind.startswith(f"{MOVED}:") for kind in document.detail)


def test_pieces_keep_their_kind_of_place() -> None:
    for document in made():
        span = {s.label: document.text[s.start : s.end] for s in document.spans}
        assert document.text.startswith(span["site_furniture"])
        assert document.text.endswith(span["author_bio"])
        assert any("wall tiles" in line and line != "wall tiles" for line in document.text.split("\n"))


STACK = (
    ("share_bar", "Tweet 14"), ("site_furniture", "Listen 4 min"),
    ("advert", "Kettles at half price"), ("newsletter", "Our letter, each Sunday"),
)  # fmt: skip


def test_lines_that_stand_together_move_together() -> None:
    """Two lines between paragraphs, and two pieces that meet on one line above them, which move as one."""
    stack = "Tweet 14 Listen 4 min\nKettles at half price\nOur letter, each Sunday"
    text = f"The ferry is late.\n{stack}\nNobody knows why."
    spans = tuple(Labelled(text.index(piece), text.index(piece) + len(piece), label) for label, piece in STACK)
    for document in transplants([Document("page", text, spans, group="page.example")], [HOST], 1, 20, 1):
        assert stack in document.text.replace("\n\n", "\n")
        assert [span.label for span in document.spans] == ["site_furniture", "advert", "newsletter"]


def test_what_stands_behind_a_sentence_stays_before_the_lines_below_it() -> None:
    text = "The ferry is late.\nTweet 14\nNobody knows why. cheap ferry tickets"
    spans = tuple(
        Labelled(text.index(piece), text.index(piece) + len(piece), label)
        for label, piece in (("share_bar", "Tweet 14"), ("link_spam", "cheap ferry tickets"))
    )
    for document in transplants([Document("page", text, spans, group="page.example")], [HOST], 1, 400, 1):
        assert "Tweet 14 cheap" not in document.text


def test_the_same_seed_gives_the_same_documents_and_folds_are_kept_apart() -> None:
    assert made(5) == made(5)
    assert made(5) != made(5, seed=2)
    assert {document.group for document in made(4)} == {"fold-0"}


def test_page_and_article_are_of_one_fold() -> None:
    donors = [replace(page(), group=f"page-{n}.example") for n in range(20)]
    donors = [replace(d, text=d.text.replace("wall tiles", f"wall {fold_of(d.group)}les")) for d in donors]
    sites = [f"site-{n}.example" for n in range(20)]
    hosts = [Host(site, f"Fold {fold_of(site)}\n{HOST.text}", "own", site) for site in sites]
    for document in transplants(donors, hosts, FOLDS, 40, 1):
        fold = document.group[-1]
        assert f"wall {fold}les" in document.text
        assert "Fold" not in document.text or f"Fold {fold}" in document.text  # what is cut short may begin below


@pytest.mark.parametrize(
    ("donors", "hosts"), [([], [HOST]), ([page()], []), ([Document("clean", "The ferry is late.")], [HOST])]
)
def test_without_noise_or_articles_there_are_none(donors: list[Document], hosts: list[Host]) -> None:
    assert list(transplants(donors, hosts, 1, 5, 1)) == []
