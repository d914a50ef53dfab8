"""Rules of sites: what a pattern means, what a broken file says, and what rules change in a text."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from cleaner.config import CleanConfig
from cleaner.edits import apply, check, invert
from cleaner.errors import ConfigError
from cleaner.pipeline import Cleaner
from cleaner.sites.address import file_name, site_name
from cleaner.sites.amend import amended
from cleaner.sites.matching import sentences
from cleaner.sites.patterns import Pattern
from cleaner.sites.rules import SiteRules, read_rules, rules_from

Call = Callable[..., Result]


def means(pattern: str, text: str) -> bool:
    return Pattern.read(pattern).matches(text, 0, len(text))


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("Follow us on {any}", "Follow us on Twitter, and more", True),
        ("Follow us on {any}", "Follow us on", True),
        ("Follow us on {any}", "Follow us off Twitter", False),
        ("{number} comments", "1,204 comments", True),
        ("{number} comments", "many comments", False),
        ("{number},{number} metres", "1,5 metres", True),
        ("Published {date}, {time}", "Published 5 January 2024, 10:30 GMT", True),
        ("Published {date}", "Published Mon 5 Jan 2024", True),
        ("Published {date}", "Published Friday", True),
        ("Published {date}", "Published 2024-01-05", True),
        ("Published {date}", "Published late", False),
        ("More from {name}", "More from Jean de la Tour", True),
        ("More from {name} Sport", "More from Courier North Sport", True),
        ("More from {name}", "More from the archive", False),
        ("Edition {word} of {number}", "Edition twenty-one of 40", True),
        ("Save {{now}}", "Save {now}", True),
        ("{any}our newsletter{any}", "Sign up for our newsletter today", True),
        ("{any}our newsletter", "Sign up for our newsletter today", False),
        ("Don't miss", "Don\u2019t  miss", False),  # matched in folded text only
    ],
)
def test_what_patterns_mean(pattern: str, text: str, expected: bool) -> None:
    assert means(pattern, text) is expected


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("More {thing} here", "unknown placeholder '{thing}'"),
        ("More { here", "unknown placeholder '{'"),
        ("{any}", "too little fixed text"),
        ("{name} v {name}", "too little fixed text"),
        ("two\nlines", "a pattern speaks of one line"),
    ],
)
def test_patterns_that_mean_nothing_are_refused(pattern: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message.replace("{", r"\{").replace("}", r"\}")):
        Pattern.read(pattern)


@given(st.text("ab {}c1", max_size=12), st.text("ab c1.", max_size=30))
def test_any_pattern_and_text_give_an_answer(pattern: str, text: str) -> None:
    try:
        read = Pattern.read(pattern + "abc")
    except ConfigError:
        return
    ends = read.ends(text, 0, len(text))
    assert ends == sorted(ends)
    assert all(0 <= end <= len(text) for end in ends)


@pytest.mark.parametrize("pattern", ["{any}a{any}a{any}a{any}xyz", "{any}{word}{word}{word}xyz", "{name} {name} xyz"])
@pytest.mark.parametrize("unit", ["a", "a ", "A ", "1,", "a-", "A. ", "Aa\n"])
def test_work_grows_with_the_text_and_not_faster(pattern: str, unit: str) -> None:
    rules = SiteRules(remove=rules_from({"remove": [pattern]}).remove)

    def seconds(size: int) -> float:
        text = unit * (size // len(unit)) + "xyz"
        best = []
        for _ in range(3):
            start = time.process_time()
            amended(STAGE, text, (), rules)
            best.append(time.process_time() - start)
        return min(best)

    assert seconds(64_000) < 24 * seconds(8_000) + 0.05  # eight times the text; sixty-four times the work would show


class Stage:
    """Stands for the noise stage, or another one."""

    def __init__(self, name: str = "noise") -> None:
        self.name = name

    def threshold(self, edit: object) -> float:
        return 0.5


STAGE = Stage()


def cleaned(text: str, table: dict[str, object]) -> str:
    return apply(text, amended(STAGE, text, (), rules_from(table)))


TOP = "The boats sail at noon.\nFollow the Courier on Twitter\n12 comments\n"
ARTICLE = TOP + "\nMr. Lund said so. Read our letter. It was late."


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"remove": ["12 comments"]}, ARTICLE.replace("12 comments\n", "")),
        ({"remove": ["{number} comments", "Follow {any}"]}, ARTICLE.replace(TOP, "The boats sail at noon.\n")),
        ({"remove": ["Read our letter."]}, ARTICLE.replace(" Read our letter.", "")),
        ({"remove": ["Read our {word}."]}, ARTICLE.replace(" Read our letter.", "")),
        ({"remove": ["Read {any}"]}, ARTICLE.replace(" Read our letter.", "")),
        ({"remove": ["Read our letter"]}, ARTICLE),  # no whole sentence
        ({"remove": ["comments"]}, ARTICLE),
        ({"remove": [{"text": "at noon", "anywhere": True}]}, ARTICLE.replace(" at noon", "")),
        ({"remove": [{"text": "oats", "anywhere": True}]}, ARTICLE),  # no whole word
        ({"remove": ["12 comments"], "keep": ["12 comments"]}, ARTICLE),
        ({"remove": ["12 comments"], "keep": ["{number} comments"]}, ARTICLE),
        (
            {"remove": ["Follow {any}", "{number} comments"], "keep": ["12 comments"]},
            ARTICLE.replace("Follow the Courier on Twitter\n", ""),
        ),
        (
            {"remove": ["Mr. Lund said so. Read our letter. It was late."], "keep": ["It was late."]},
            ARTICLE.replace("Mr. Lund said so. Read our letter. ", ""),
        ),
        ({"remove": ["Read our letter."], "keep": [{"text": "our letter", "anywhere": True}]}, ARTICLE),
    ],
)  # fmt: skip
def test_what_rules_take_out(table: dict[str, object], expected: str) -> None:
    assert cleaned(ARTICLE, table) == expected


def test_typographic_signs_are_read_as_plain_ones() -> None:
    assert cleaned("Here it is.\nDon\u2019t\u00a0miss a thing", {"remove": ["Don't miss a thing"]}) == "Here it is."


LINES = st.lists(st.sampled_from(["One. Two. Three.", "Go on", "  Go on", "", "Two.", "Go on. Two."]), max_size=7)


REMOVALS = st.lists(st.sampled_from(["Go on", "Two.", "{word}. Two.", "Go on{any}"]))


@given(LINES, REMOVALS, st.lists(st.sampled_from(["Two.", "Go on"])))
def test_removals_are_disjoint_and_can_be_undone(lines: list[str], remove: list[str], keep: list[str]) -> None:
    text = "\n".join(lines)
    edits = amended(STAGE, text, (), rules_from({"remove": remove, "keep": keep}))
    check(edits, len(text))
    assert apply(apply(text, edits), invert(text, edits)) == text
    for kept in keep:
        for line in lines:
            starts, ends = sentences(line, 0, len(line))
            whole = [line[a:b].strip() for a, b in zip(starts, ends, strict=True)] + [line.strip()]
            assert kept not in whole or kept in apply(text, edits)


REAL = Cleaner(CleanConfig(stages=("noise", "typos")))
NEWS = (
    "The ferry to Aldermere sails again from Monday, the harbour board said, after six weeks of repairs to its hull.\n"
    "Share on Facebook\n"
    "Share on Twitter\n"
    "Passengers had been taken by bus over the bridge, which added an hour to the journey for most of tomorow morning."
)


def test_keep_wins_over_the_model_and_over_typos(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('keep = ["Share on Twitter"]\nallow_words = ["Tomorow"]\n')
    result = Cleaner(CleanConfig(site=str(tmp_path / "site.toml"))).clean(NEWS)
    assert "Share on Facebook" in REAL.clean(NEWS).removed[0].text
    assert "tomorrow" in REAL.clean(NEWS).text
    assert result.text == NEWS.replace("Share on Facebook\n", "")


def test_a_removal_by_a_rule_is_in_the_result_and_the_ledger(tmp_path: Path) -> None:
    (tmp_path / "courier.example.toml").write_text('remove = ["{any}taken by bus{any}"]\n')
    cleaner = Cleaner(CleanConfig(sites=str(tmp_path)))
    assert cleaner.clean(NEWS, "other.example").text == REAL.clean(NEWS).text
    result = cleaner.clean(NEWS, "www.courier.example")
    assert result.text == NEWS.split("\n")[0]
    rules = {mark.rule for mark in result.removed}
    assert "site_rule" in rules
    assert any(row["reason"].startswith("the rules for this site") for row in result.to_dict()["changes"])
    again = cleaner.clean(result.text, "courier.example")
    assert again.text == result.text


def test_labels_of_rules_obey_the_policy(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('remove = [{text = "Share on {any}", label = "off_topic"}]\n')
    result = Cleaner(CleanConfig(site=str(tmp_path / "site.toml"))).clean(NEWS)
    assert {mark.rule for mark in result.flagged} >= {"site_rule"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('remove = ["a b c",\n  "More {thing} here"]', ":2: remove: 'More {thing} here': unknown placeholder"),
        ('removes = ["abc"]', ":1: unknown key 'removes'; did you mean 'remove'?"),
        ('keep = ["ok now"]\nallow_words = ["two words"]', ":2: allow_words: 'two words' is not one word"),
        ('remove = "abc"', ":1: 'remove' must be a list"),
        ('remove = [{text = "abc", any = true}]', ":1: unknown key 'any'; known keys: text"),
        ('remove = [{text = "abc", anywhere = 1}]', ":1: remove: 'anywhere' of 'abc' must be true or false"),
        ('remove = [{text = "abc {any}", anywhere = true}]', "has no end"),
        ('remove = [{text = "abc", label = "adverts"}]', "unknown label 'adverts'; did you mean 'advert'?"),
        ("remove = [3]", ":1: remove: 3 is no rule"),
        ("remove = [", "not valid TOML"),
    ],
)
def test_broken_rules_say_where_and_what(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "site.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as error:
        read_rules(path)
    assert str(error.value).startswith(str(path))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("site", "url", "expected"),
    [
        ("Courier.example", "https://other.example/x", "courier.example"),
        ("", "https://www.Courier.example:8080/x?y#z", "courier.example"),
        (None, "//courier.example/x", "courier.example"),
        (None, "https://user:secret@sport.courier.example", "sport.courier.example"),
        (None, "/only/a/path", ""),
        (3, None, ""),
        ("x" * 500, None, ""),
    ],
)
def test_the_site_of_a_record(site: object, url: object, expected: str) -> None:
    assert site_name(site, url) == expected


@given(st.text(min_size=1, max_size=80))
def test_file_names_stay_in_their_folder(site: str) -> None:
    assert "/" not in file_name(site)
    assert file_name(site) not in (".", "..")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "courier.example.toml").write_text('remove = ["Follow us today"]\n')
    return tmp_path / "rules"


RECORD = "The boats sail.\nFollow us today\nIt was late."


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", json.dumps({"url": "https://sport.courier.example/1", "text": RECORD}) + "\n"),
        ("a.jsonl", json.dumps({"text": RECORD, "metadata": {"url": "https://courier.example/1"}}) + "\n"),
        ("a.csv", f'site,text\ncourier.example,"{RECORD}"\n'),
        ("a.csv", f'url,text\nhttps://courier.example,"{RECORD}"\n'),
    ],
)
def test_records_say_their_site(call: Call, folder: Path, tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    result = call("clean", name, "--sites", folder, "--ledger", "L", "-o", f"out-{name}")
    assert result.exit_code == 0, result.output
    assert "Follow us today" not in (tmp_path / f"out-{name}").read_text()
    back = call("undo", f"out-{name}", "--ledger", "L")
    assert back.stdout_bytes == content.encode()


def test_parquet_says_its_site(call: Call, folder: Path, tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = arrow.table({"url": ["https://courier.example/1", None], "text": [RECORD, RECORD]})
    parquet.write_table(table, tmp_path / "a.parquet")
    assert call("clean", "a.parquet", "--sites", folder, "-o", "b.parquet").exit_code == 0
    texts = parquet.read_table(tmp_path / "b.parquet").column("text").to_pylist()
    assert texts == [RECORD.replace("Follow us today\n", ""), RECORD]


def test_one_site_for_a_text(call: Call, folder: Path, tmp_path: Path) -> None:
    for site in ("courier.example", folder / "courier.example.toml"):
        result = call("clean", "-q", "--sites", folder, "--site", site, stdin=RECORD.encode())
        assert result.stdout == RECORD.replace("Follow us today\n", "")
    (tmp_path / "cleaner.toml").write_text('sites = "rules"\nsite = "courier.example"\n')
    assert "Follow" not in call("clean", "-q", stdin=RECORD.encode()).stdout
    assert "site_rule" in call("explain", "-", stdin=RECORD.encode()).stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--sites", "nowhere"), "there is no folder nowhere"),
        (("--site", "courier.example"), "no folder of rules is given (--sites DIR)"),
        (("--sites", "rules", "--site", "courir.example"), "did you mean 'courier.example'?"),
        (("--site", "x.toml"), "x.toml: No such file"),
    ],
)
def test_what_is_missing_is_said(call: Call, folder: Path, arguments: tuple[str, ...], message: str) -> None:
    result = call("clean", *arguments, stdin=b"text")
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
