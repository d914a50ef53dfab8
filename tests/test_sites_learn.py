"""Site memory: what is learnt and what is protected, the sample, the file, the command line."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from cleaner.config import CleanConfig
from cleaner.errors import DataError
from cleaner.pipeline import Cleaner
from cleaner.sites.learning import MARK, write_learned
from cleaner.sites.pages import Sample, edges, lines_of, read_sample, write_sample
from cleaner.sites.recurrence import LEAST_PAGES, Learned, distinct, frame, is_protected, learned, least_pages
from cleaner.sites.rules import read_rules

Call = Callable[..., Result]

SUBJECTS = (
    "the council,a fisherman,the bishop,two teachers,the mayor,the ferry company,a farmer,the school board".split(",")
)
VERBS = "said,decided,heard,argued,reported,promised,denied,agreed,wrote,feared".split(",")
OBJECTS = (
    "that the bridge would close for repairs,that nobody had asked the tenants,that the harbour would be dredged,"
    "that the library opens on Sundays,that forty sheep had crossed the lake,that the old mill will be sold"
).split(",")


def article(number: int) -> list[str]:
    """Paragraphs of which no two articles share one."""
    rng = random.Random(number)

    def sentence() -> str:
        who, verb, what = rng.choice(SUBJECTS), rng.choice(VERBS), rng.choice(OBJECTS)
        return f"{who.capitalize()} {verb} {what} before the year {rng.randrange(10_000)}."

    return [" ".join(sentence() for _ in range(4)) for _ in range(4)]


def page(number: int, *, top: tuple[str, ...] = (), end: tuple[str, ...] = (), middle: str = "", tail: str = "") -> str:
    lines = article(number)
    lines[1] += tail
    return "\n".join([*top, *lines[:2], *([middle] if middle else []), *lines[2:], *end])


def learnt(count: int, **parts: object) -> Learned:
    return learned(
        [lines_of(page(n, **{k: v(n) if callable(v) else v for k, v in parts.items()})) for n in range(count)]
    )


def test_lines_frames_and_sentences_are_learnt() -> None:
    found = learnt(
        20,
        top=lambda n: ("Harbour News", f"Published {n + 1} January 2024, 10:{n + 10}"),
        end=lambda n: ("Share", f"{n} comments", "More from the Harbour newsroom"),
        tail=" Sign up for our harbour letter every morning.",
    )
    assert [text for text, _ in found.lines] == ["Harbour News", "More from the Harbour newsroom", "Share"]
    assert [text for text, _ in found.frames] == ["Published {date}, {time}", "{number} comments"]
    assert found.sentences == (("Sign up for our harbour letter every morning.", 20),)
    assert found.pages == 20


@pytest.mark.parametrize(
    ("count", "lines"), [(LEAST_PAGES - 1, 0), (LEAST_PAGES, 1)]
)  # fmt: skip
def test_five_pages_are_needed(count: int, lines: int) -> None:
    assert len(learnt(count, end=("Harbour letters page",)).lines) == lines


@pytest.mark.parametrize("every", [2, 5])
def test_what_stands_on_part_of_the_pages_needs_more_of_them(every: int) -> None:
    def end(n: int) -> tuple[str, ...]:
        return ("Harbour letters page",) if n % every == 0 else ()

    assert not learnt(LEAST_PAGES * every - every, end=end).lines
    assert learnt(60, end=end).lines


def test_what_rarely_repeats_is_article_text() -> None:
    assert not learnt(200, middle=lambda n: "The company did not answer our questions." if n % 30 == 0 else "").lines


@given(st.integers(5, 300), st.integers(1, 5000))
def test_the_bound_on_false_alarms_holds(pages: int, looked_at: int) -> None:
    least = least_pages(pages, looked_at, 0.02)
    assert least >= LEAST_PAGES
    chance = sum(_binomial(pages, n, 0.02) for n in range(least, pages + 1))
    assert chance * looked_at <= 0.0101 or least > pages
    if least > LEAST_PAGES:
        assert (chance + _binomial(pages, least - 1, 0.02)) * looked_at > 0.0099


def _binomial(pages: int, n: int, p: float) -> float:
    from math import comb

    return float(comb(pages, n) * p**n * (1 - p) ** (pages - n))


@pytest.mark.parametrize(
    "line",
    [
        '"We shall overcome," she said.',
        "\u201cWe shall overcome\u201d".replace("\u201c", '"').replace("\u201d", '"'),
        "By Ann Lund",
        "WASHINGTON (Reuters) -",
        "LONDON, January 5 (AP) -",
        "(Reporting by Ann Lund; editing by Jon Vale)",
        "Correction: an earlier version named the wrong ship.",
        "Revs {number} mln vs {number} mln",
        "* * *",
        "{date}",
        "Background",
    ],
)
def test_what_is_article_text_although_it_repeats(line: str) -> None:
    found = learnt(30, middle=line)
    assert not found, found
    assert line == "Background" or is_protected(line)


def test_a_short_line_goes_where_it_stands_in_a_run() -> None:
    found = learnt(30, middle="Background", end=("Share", "Menu"))
    assert [text for text, _ in found.lines] == ["Menu", "Share"]


def test_sentences_with_numbers_must_stand_on_half_of_the_pages() -> None:
    def end(every: int) -> Callable[[int], tuple[str, ...]]:
        return lambda n: (f"The pound closed at {n} cents.",) if n % every == 0 else ()

    assert not learnt(60, end=end(3)).frames
    assert learnt(60, end=end(1)).frames == (("The pound closed at {number} cents.", 60),)


def test_near_duplicates_count_once() -> None:
    same = [lines_of(page(1, top=(f"Print version {n}",))) for n in range(30)]
    assert len(distinct([*same, *(lines_of(page(n)) for n in range(40, 90))])) == 51
    assert not learned([*same, *(lines_of(page(n)) for n in range(40, 90))]).lines


def test_pages_without_an_article_count_for_nothing() -> None:
    menus = [["Home", "News", "Sport", f"Page {n}"] for n in range(50)]
    assert learned(menus) == Learned(0)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Published 5 January 2024, 10:30 in Harbour News", "Published {date}, {time} in {name}"),
        ("12 comments", "{number} comments"),
        ("You have 3 free articles left", "You have {number} free articles left"),
        ("Save {now}", ""),
    ],
)
def test_frames(line: str, expected: str) -> None:
    assert frame(line) == expected


def test_long_lines_are_kept_by_their_ends() -> None:
    line = "First it was so. " + "And then it went on. " * 40 + "Last it was otherwise."
    (kept,) = lines_of(line)
    assert len(kept) < 100
    assert edges(kept) == edges(line) == ("First it was so.", "Last it was otherwise.")


# --- the sample -----------------------------------------------------------------------------------------------------

PAGES = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 60)), max_size=120)


def sample_of(pages: list[tuple[str, int]], most: int = 30) -> Sample:
    sample = Sample(most=most)
    for site, number in pages:
        sample.add(site, f"page {number}")
    return sample


def content(sample: Sample) -> object:
    return sample.level, {site: dict(pages) for site, pages in sample.sites.items() if pages}


@given(PAGES, st.integers(0, 120), st.randoms())
def test_any_order_and_any_parts_give_the_same_sample(
    pages: list[tuple[str, int]], cut: int, rng: random.Random
) -> None:
    whole = sample_of(pages)
    first, second = sample_of(pages[:cut]), sample_of(pages[cut:])
    first.merge(second)
    assert content(first) == content(whole)
    mixed = [*pages, *pages[:10]]
    rng.shuffle(mixed)
    assert content(sample_of(mixed)) == content(whole)
    assert sum(len(found) for found in whole.sites.values()) <= 30


def test_a_site_keeps_a_bounded_number_of_pages_and_tells_how_many_there_were() -> None:
    sample = sample_of([("a", n) for n in range(5000)], most=1000)
    assert len(sample.sites["a"]) == 200
    assert 4000 < sample.seen("a") < 6000
    assert sample_of([("a", n) for n in range(50)], most=1000).seen("a") == 50


def test_too_many_sites_are_halved() -> None:
    sample = sample_of([(f"site{n}", 1) for n in range(400)], most=100)
    assert 50 <= sum(map(len, sample.sites.values())) <= 100
    assert sample.share < 1


def test_a_sample_is_written_and_read(tmp_path: Path) -> None:
    sample = sample_of([("a", n) for n in range(20)] + [("b", 1)])
    write_sample(sample, tmp_path / "p.gz")
    write_sample(read_sample(tmp_path / "p.gz"), tmp_path / "q.gz")
    assert content(read_sample(tmp_path / "p.gz")) == content(sample)
    assert (tmp_path / "p.gz").read_bytes() == (tmp_path / "q.gz").read_bytes()


@pytest.mark.parametrize(
    "data", [b"", b"no gzip", gzip.compress(b"[]\n", mtime=0), gzip.compress(b'{"format": 9}\n', mtime=0)]
)
def test_a_broken_sample_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "p.gz").write_bytes(data)
    with pytest.raises(DataError, match="remove it, and learn again"):
        read_sample(tmp_path / "p.gz")


# --- the file of rules, and what becomes of pages --------------------------------------------------------------------

FOUND = Learned(9, (("Share", 9), ('Say "hello"', 8)), (("{number} comments", 9),), (("Read the letter today.", 6),))


def test_what_a_person_wrote_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text('# mine\nkeep = ["Share"]\n')
    write_learned(path, "a", FOUND, 20)
    text = path.read_text()
    assert text.startswith('# mine\nkeep = ["Share"]\n')
    rules = read_rules(path)
    assert rules.repeated.lines == {"Share": 9, 'Say "hello"': 8}
    assert [pattern.source for pattern, _ in rules.repeated.frames] == ["{number} comments"]
    write_learned(path, "a", FOUND, 20)
    assert path.read_text() == text
    write_learned(path, "a", Learned())
    assert path.read_text().rstrip() == '# mine\nkeep = ["Share"]'


def test_a_file_with_nothing_left_goes(tmp_path: Path) -> None:
    write_learned(tmp_path / "a.toml", "a", FOUND)
    assert MARK in (tmp_path / "a.toml").read_text()
    write_learned(tmp_path / "a.toml", "a", Learned())
    assert not (tmp_path / "a.toml").exists()


NEWS = page(7, top=("Harbour letters page",), end=("Most read: the mill", "3 comments", "Last of the pages"))


def test_lines_go_with_names_of_their_own(tmp_path: Path) -> None:
    write_learned(tmp_path / "a.toml", "a", Learned(9, (("Last of the pages", 9),), (("{number} comments", 9),)))
    result = Cleaner(CleanConfig(stages=("noise",), site=str(tmp_path / "a.toml"))).clean(NEWS)
    rules = {mark.text.strip(): mark.rule for mark in result.removed}
    assert rules["3 comments"] == "site_frame"
    assert rules["Last of the pages"] == "site_line"


def test_the_headline_of_a_popular_story_stays_on_its_own_page(tmp_path: Path) -> None:
    head = "Fishermen promise to dredge the harbour"
    write_learned(tmp_path / "a.toml", "a", Learned(50, ((head, 20),)))
    cleaner = Cleaner(CleanConfig(stages=("noise",), site=str(tmp_path / "a.toml")))
    own = "Harbour News\n" + head + "\n" + " ".join(["Fishermen promise that they will dredge the harbour."] * 4)
    assert head in cleaner.clean(own).text
    assert head in cleaner.clean(head + "\n" + page(3)).text
    assert head not in cleaner.clean(page(3, end=("Most read", head))).text


def test_the_headline_of_a_series_stays(tmp_path: Path) -> None:
    write_learned(tmp_path / "a.toml", "a", Learned(9, (), (("Day {number} of the strike", 9), ("Out {date}", 9))))
    cleaner = Cleaner(CleanConfig(stages=("noise",), site=str(tmp_path / "a.toml")))
    assert cleaner.clean("Day 12 of the strike\n" + page(3)).text.startswith("Day 12 of the strike")
    assert "Day 12" not in cleaner.clean(page(3, end=("Day 12 of the strike",))).text
    assert "Out" not in cleaner.clean(page(3, top=("Out 5 January 2024",))).text


# --- the command line -----------------------------------------------------------------------------------------------


def records(site: str, numbers: range) -> Iterator[str]:
    for n in numbers:
        text = page(n, end=("Follow the Harbour online", f"{n} comments"))
        yield json.dumps({"url": f"https://www.{site}/{n}", "text": text}) + "\n"


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    for name, numbers in (("one", range(20)), ("two", range(15, 40))):
        lines = [*records("harbour.example", numbers), *records("few.example", range(3))]
        (tmp_path / f"{name}.jsonl").write_text("".join(lines))
    with gzip.open(tmp_path / "all.jsonl.gz", "wt") as stream:
        stream.write((tmp_path / "two.jsonl").read_text() + (tmp_path / "one.jsonl").read_text())
    return tmp_path


def folder(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.iterdir()}


def test_learning_at_once_in_parts_and_in_processes_gives_the_same(call: Call, crawl: Path) -> None:
    assert call("sites", "learn", "all.jsonl.gz", "-o", "whole").exit_code == 0
    assert call("sites", "learn", "one.jsonl", "two.jsonl", "-o", "workers", "--workers", "2").exit_code == 0
    call("sites", "learn", "one.jsonl", "-o", "again")
    call("sites", "learn", "two.jsonl", "-o", "again")
    call("sites", "learn", "one.jsonl", "-o", "a")
    call("sites", "learn", "two.jsonl", "-o", "b")
    call("sites", "learn", "-o", "a", "--merge", "b")
    whole = folder(crawl / "whole")
    assert whole.keys() == {"harbour.example.toml", "pages.jsonl.gz"}
    for other in ("workers", "again", "a"):
        assert folder(crawl / other) == whole
    assert b"Follow the Harbour online" in whole["harbour.example.toml"]


def test_learn_show_clean_forget(call: Call, crawl: Path) -> None:
    learnt = call("sites", "learn", "all.jsonl.gz", "-o", "rules")
    assert "harbour.example: lines 1, frames 1, sentences 0; from 40 articles of about 40 pages" in learnt.stderr
    assert "sites with fewer than 5 different articles, of which nothing is learnt yet: 1" in learnt.stderr
    assert "harbour.example: remove 0" in call("sites", "show", "rules").stdout
    assert call("sites", "show", "rules", "www.harbour.example").stdout.startswith("# Rules for harbour.example")
    out = call("clean", "one.jsonl", "--sites", "rules", "--ledger", "L", "-o", "clean.jsonl")
    assert out.exit_code == 0
    assert "Follow the Harbour online" not in (crawl / "clean.jsonl").read_text().split("few.example")[0]
    assert call("undo", "clean.jsonl", "--ledger", "L").stdout_bytes == (crawl / "one.jsonl").read_bytes()
    assert call("sites", "forget", "rules", "harbour.example").exit_code == 0
    assert folder(crawl / "rules").keys() == {"pages.jsonl.gz"}
    assert call("sites", "forget", "rules", "harbour.example").exit_code == 123


def test_texts_are_of_the_site_that_is_named(call: Call, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    for n in range(9):
        (tmp_path / "pages" / f"{n}.txt").write_text(page(n, end=("Follow the Harbour online",)))
    assert "or --site): 9" in call("sites", "learn", "pages", "-o", "rules").stderr
    assert call("sites", "learn", "pages", "-o", "rules", "--site", "Harbour.example").exit_code == 0
    assert read_rules(tmp_path / "rules" / "harbour.example.toml").repeated.lines == {"Follow the Harbour online": 9}


def test_what_is_broken_is_said_and_the_rest_is_learnt(call: Call, crawl: Path) -> None:
    with (crawl / "one.jsonl").open("a") as stream:
        stream.write("{broken\n")
    result = call("sites", "learn", "one.jsonl", "missing.jsonl", "-o", "rules")
    assert result.exit_code == 123
    assert "one.jsonl:24: not JSON" in result.stderr
    assert "missing.jsonl: " in result.stderr
    assert (crawl / "rules" / "harbour.example.toml").is_file()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("learn", "one.jsonl"), 2, "--output"),
        (("learn", "-o", "rules", "--merge", "nowhere"), 2, "nothing was learnt there"),
        (("show", "nowhere"), 2, "there is no folder nowhere"),
        (("forget", "nowhere", "a.example"), 2, "there is no folder nowhere"),
    ],
)
def test_wrong_calls_are_answered(call: Call, crawl: Path, arguments: tuple[str, ...], code: int, message: str) -> None:
    result = call("sites", *arguments)
    assert result.exit_code == code
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_file_that_cannot_be_understood_is_not_written_over(call: Call, crawl: Path) -> None:
    (crawl / "rules").mkdir()
    (crawl / "rules" / "harbour.example.toml").write_text("keep = [\n")
    result = call("sites", "learn", "one.jsonl", "-o", "rules")
    assert result.exit_code == 2
    assert "harbour.example.toml: not valid TOML" in result.stderr
    assert (crawl / "rules" / "harbour.example.toml").read_text() == "keep = [\n"
