"""The HTML report: everything that was done is in it, it stands alone, and its filters work in a browser."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import Result
from conftest import small_stages
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.config import CleanConfig
from cleaner.pipeline import Cleaner
from cleaner.report import Tally
from cleaner.report.page import PER_PAGE, Report
from cleaner.report.picture import picture

Call = Callable[..., Result]

CLEANER = Cleaner(stages=small_stages(CleanConfig()))
DIRTY = "Teh teh pier.\nBuy SPAM <now>\nPerhaps.\nA perhaps SPAM line &amp; more."
VOID = {"meta", "input", "rect"}


class Page(HTMLParser):
    """What is in a page: its elements, closed in order, their attributes, the text that is shown."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.elements: Counter[str] = Counter()
        self.source = ""
        self.cleaned = ""
        self.feed(content)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.elements[tag] += 1
        if tag not in VOID:
            self.open.append(f"{tag} {values.get('class') or ''}")
        self.ids.update([values["id"] or ""] if "id" in values else [])
        self.links += [values["href"] or ""] if "href" in values else []
        assert "src" not in values

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop().split()[0] == tag

    def handle_data(self, data: str) -> None:
        inside = [name.split() for name in self.open]
        if not any(name == ["div", "text"] for name in inside) or ["span", "said"] in inside:
            return
        tags = {name[0] for name in inside}
        self.source += "" if "ins" in tags else data
        self.cleaned += "" if "del" in tags else data


def check(path: Path, others: tuple[str, ...] = ()) -> Page:
    content = path.read_text(encoding="utf-8")
    page = Page(content)
    assert not {"script", "link", "img", "iframe"} & page.elements.keys()
    assert "url(" not in content
    assert "@import" not in content
    assert not re.search(r'(?:href|action)="(?![#\w])', content)
    assert max(page.ids.values(), default=1) == 1
    for link in page.links:
        name, _, place = link.partition("#")
        assert name in others or (not name and page.ids[place] == 1), link
    return page


def test_everything_is_shown(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY, encoding="utf-8")
    (tmp_path / "b.txt").write_text("fine", encoding="utf-8")
    assert call("clean", "a.txt", "b.txt", "-o", "out", "--html", "report.html").exit_code == 0
    page = check(tmp_path / "report.html")
    content = unescape((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert page.source == DIRTY.replace("&amp;", "&amp;")
    assert page.cleaned == (tmp_path / "out/a.txt").read_text(encoding="utf-8")
    assert page.elements["tr"] == 5  # the head and four changes
    assert 'title="removed: keyword spam. noise rule (noise/noise_rule, score 0.90)"' in content
    assert 'title="flagged: keyword spam. noise rule (noise/noise_rule, score 0.20)"' in content
    assert "removed, keyword spam: " in content  # for those who hear it
    assert "1 of them gave no reason to change or flag anything" in content
    assert 'role="img" aria-label="Changes by stage: noise 1, repair 1, typos 1"' in content


@settings(max_examples=200)
@given(st.lists(st.sampled_from(["teh ", "SPAM ", "perhaps ", "\n", "&amp;", "<b>", '"', "\0", "\u202e", "\ud800"])))
def test_any_text_is_shown_as_it_is(pieces: list[str]) -> None:
    text = "".join(pieces)
    result = CLEANER.clean(text)
    drawn = picture(result, "<name>")
    if not drawn:
        assert not result.changes
        assert not result.flagged
        return
    page = Page(drawn)

    def seen(text: str) -> str:
        return "".join(c if c in "\n\t" or c.isprintable() else f"\\u{ord(c):04x}" for c in text)

    blank = str.maketrans("", "", " \n\N{OPEN BOX}\N{DOWNWARDS ARROW WITH CORNER LEFTWARDS}")
    assert page.source.translate(blank) == seen(text).translate(blank)
    assert page.cleaned.translate(blank) == seen(result.text).translate(blank)


def test_long_stretches_without_changes_are_cut() -> None:
    drawn = picture(CLEANER.clean("word " * 20_000 + "teh " + "word " * 20_000), "a")
    assert len(drawn) < 6_000
    assert drawn.count("characters without changes]") == 2


@pytest.mark.parametrize("count", [1, PER_PAGE, PER_PAGE + 1, 2 * PER_PAGE, 2 * PER_PAGE + 1])
def test_many_documents_are_paged(tmp_path: Path, count: int) -> None:
    result = CLEANER.clean(DIRTY)
    drawn, tally = picture(result, "a"), Tally.of(result)
    report = Report(tmp_path / "my report.html")
    for number in range(count):
        report.add(f"doc <{number}>", drawn, tally)
        report.add("unchanged", "", Tally())
    report.close()
    pages = sorted(path.name for path in tmp_path.iterdir())
    more = -(-count // PER_PAGE) if count > PER_PAGE else 0
    assert len(pages) == more + 1
    names = ("my%20report.html", *(f"my%20report.{number}.html" for number in range(1, more + 1)))
    articles = 0
    ids = {name: check(tmp_path / name.replace("%20", " "), names) for name in names}
    for page in ids.values():
        articles += page.elements["article"]
        for link in page.links:
            name, _, place = link.partition("#")
            assert not name or not place or ids[name].ids[place] == 1
    assert articles == count


def test_a_report_that_cannot_be_written(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY, encoding="utf-8")
    (tmp_path / "report").mkdir()
    result = call("clean", "a.txt", "-o", "b.txt", "--html", "report")
    assert result.exit_code == 123
    assert "cleaner: report: cannot be written: is a directory\n" in result.stderr
    assert (tmp_path / "b.txt").exists()
    assert call("clean", "a.txt", "-o", "b.txt", "--html", "b.txt").exit_code == 2


PROBE = """<script>
addEventListener("load", () => {
  const mark = document.querySelector(".m.k-noise"), row = document.querySelector("tr.k-noise"), said = [];
  const look = () => said.push([getComputedStyle(mark.querySelector("del")).textDecorationLine,
    getComputedStyle(row).display, document.documentElement.scrollWidth <= innerWidth].join(" "));
  look(); document.querySelector("#show-k-noise").click(); look();
  document.querySelector("#show-k-noise").click(); document.querySelector("#show-l-keyword_spam").click(); look();
  document.title = said.join("; ");
});</script>"""


@pytest.mark.skipif(not shutil.which("chromium"), reason="needs chromium")
@pytest.mark.parametrize("width", [1200, 500])
def test_the_filters_work_in_a_browser(tmp_path: Path, width: int) -> None:
    result = CLEANER.clean("Teh teh pier.\nBuy SPAM <now> " + "and more " * 60 + "\nThe end." * 60)
    report = Report(tmp_path / "report.html")
    tally = Tally.of(result)
    tally.labels["advert"] += 1
    report.add("a", picture(result, "a" * 300), tally)
    report.close()
    page = tmp_path / "report.html"
    page.write_text(page.read_text(encoding="utf-8").replace("</body>", PROBE + "</body>"), encoding="utf-8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--window-size={width},900", "--dump-dom"]
    shown = subprocess.run(
        [*command, f"--user-data-dir={tmp_path / 'profile'}", page.as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    title = re.search(r"<title>(.*?)</title>", shown)
    assert title
    on, off = "line-through table-row true", "none none true"
    assert title[1] == f"{on}; {off}; {off}"
