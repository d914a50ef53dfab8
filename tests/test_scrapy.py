"""The item pipeline, in real crawls of a small site that is served here; each in a process of its own, as Twisted
wants it."""

from __future__ import annotations

import asyncio
import html
import json
import os
import re
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import ROOT
from dirty import cleaned, dirty

pytest.importorskip("scrapy")

TEXTS = [re.sub(r"\s*\n\s*", "\n", text).strip() for text in dirty()[:12] if text.strip()]
"""What the paragraphs of a page give when they are joined again."""


class Site(BaseHTTPRequestHandler):
    """A page of links, and an article on each page it links to."""

    def do_GET(self) -> None:
        number = self.path.strip("/")
        if number:
            lines = TEXTS[int(number)].split("\n")
            body = "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines)
        else:
            body = "".join(f'<a href="/{n}">{n}</a>' for n in range(len(TEXTS)))
        page = f"<!doctype html><meta charset=utf-8><title>{number}</title><main>{body}</main>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of the site."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


CRAWL = """
import dataclasses, json, sys, time
import attrs, scrapy
from scrapy.crawler import CrawlerProcess, AsyncCrawlerProcess
from scrapy.utils.asyncio import create_looping_call

@dataclasses.dataclass
class Page:
    url: str
    body: str | None
    cleaner_changes: int | None = None
    ledger: list | None = None

@attrs.define
class Article:
    url: str
    body: str | None
    cleaner_changes: int | None = None
    ledger: list | None = None

class Story(scrapy.Item):
    url = scrapy.Field()
    body = scrapy.Field()
    cleaner_changes = scrapy.Field()
    ledger = scrapy.Field()

KINDS = [dict, Page, Article, Story]

class Spider(scrapy.Spider):
    name = "site"
    gaps = [0.0]

    async def start(self):
        self.last = time.monotonic()
        self.beat = create_looping_call(self.tick)
        self.beat.start(0.05)
        yield scrapy.Request(SITE)

    def tick(self):
        now = time.monotonic()
        self.gaps.append(now - self.last)
        self.last = now

    def closed(self, reason):
        self.beat.stop()

    def parse(self, response):
        links = response.css("a::attr(href)").getall()
        yield from response.follow_all(links, self.article)

    def article(self, response):
        number = int(response.url.rsplit("/", 1)[1])
        body = "\\n".join(response.css("p").xpath("string()").getall())
        yield from self.items(number, response.url, body)

    def items(self, number, url, body):
        yield KINDS[number % len(KINDS)](url=url, body=body)

{extra}

settings = dict(
    ITEM_PIPELINES={{"cleaner.integrations.scrapy.CleanerPipeline": 300}},
    FEEDS={{"items.jsonl": {{"format": "jsonlines", "encoding": "utf-8"}}}},
    TELNETCONSOLE_ENABLED=False,
    LOG_LEVEL="INFO",
    **{settings},
)
reactor = settings.get("TWISTED_REACTOR", "")
Process = AsyncCrawlerProcess if "Select" not in reactor else CrawlerProcess
process = Process(settings)
crawler = process.create_crawler(Spider)
process.crawl(crawler)
process.start()
figures = {{name: value for name, value in crawler.stats.get_stats().items() if isinstance(value, (int, float, str))}}
with open("figures.json", "w") as stream:
    json.dump({{**figures, "gap": max(Spider.gaps)}}, stream)
"""


def crawl(folder: Path, site: str, settings: dict[str, Any], extra: str = "") -> tuple[list[Any], dict[str, Any], str]:
    """The items, the figures and the log of a crawl."""
    code = CRAWL.format(settings=repr(settings), extra=textwrap.dedent(extra)).replace("SITE", repr(site))
    (folder / "crawl.py").write_text(code, encoding="utf-8")  # Scrapy wants to read the source of a spider
    process = subprocess.run(
        [sys.executable, "crawl.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    path = folder / "items.jsonl"
    items = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    return items, json.loads((folder / "figures.json").read_text()), process.stderr


def number_of(item: dict[str, Any]) -> int:
    return int(item["url"].rsplit("/", 1)[1])


@pytest.mark.parametrize(
    "settings",
    [
        {},
        pytest.param({"TWISTED_REACTOR": "twisted.internet.selectreactor.SelectReactor"}, marks=pytest.mark.engines),
        pytest.param({"TWISTED_REACTOR_ENABLED": False}, marks=pytest.mark.engines),
    ],
    ids=["asyncio", "select", "without a reactor"],
)
def test_a_crawl_exports_what_the_command_line_gives(tmp_path: Path, site: str, settings: dict[str, Any]) -> None:
    wanted = {"CLEANER_FIELD": "body", "CLEANER_ADD": ["changes"], "CLEANER_LEDGER_FIELD": "ledger", **settings}
    items, figures, log = crawl(tmp_path, site, wanted)
    items.sort(key=number_of)
    assert [number_of(item) for item in items] == list(range(len(TEXTS)))
    assert [item["body"] for item in items] == cleaned(TEXTS)
    changed = sum(item["body"] != text for item, text in zip(items, TEXTS, strict=True))
    assert figures["cleaner/changed"] == changed > 4
    assert figures["cleaner/unchanged"] == len(TEXTS) - changed
    changes = sum(item["cleaner_changes"] for item in items)
    assert changes == sum(value for name, value in figures.items() if name.startswith("cleaner/changes/"))
    for item in items:
        document, *rows = item["ledger"]
        assert document["doc"] == item["url"]
        assert sum(row["applied"] for row in rows) == item["cleaner_changes"]
    assert "ERROR" not in log


def test_settings_of_the_crawl(tmp_path: Path, site: str) -> None:
    settings = {
        "CLEANER_STAGES": ["noise"],
        "CLEANER_BUDGET": 5,
        "CLEANER_CONFIG": {"noise": {"keep": ["share_bar"]}, "typos": {"preset": "normal"}},
    }
    items, _, _ = crawl(tmp_path, site, settings)
    items.sort(key=number_of)
    toml = tmp_path / "cleaner.toml"
    toml.write_text('stages = ["noise"]\n[noise]\nbudget = 5.0\nkeep = ["share_bar"]\n', encoding="utf-8")
    assert [item["body"] for item in items] == cleaned(TEXTS, "--config", str(toml))
    assert all("ledger" not in item or item["ledger"] is None for item in items)


PARAGRAPHS = """
    def in_paragraphs(self, number, url, body):
        kind = (list, tuple)[number % 2]
        yield KINDS[number // 2 % len(KINDS)](url=url, body=kind(body.split("\\n")))

    Spider.items = in_paragraphs
    """


def test_a_list_of_paragraphs_stays_one(tmp_path: Path, site: str) -> None:
    settings = {"CLEANER_FIELD": "body", "CLEANER_ADD": ["changes"], "CLEANER_LEDGER_FIELD": "ledger"}
    items, figures, log = crawl(tmp_path, site, settings, PARAGRAPHS)
    items.sort(key=number_of)
    assert len(items) == len(TEXTS)
    for item, before, after in zip(items, TEXTS, cleaned(TEXTS), strict=True):
        assert [part for part in item["body"] if part.strip()] == [line for line in after.split("\n") if line.strip()]
        assert item["ledger"][0]["source_sha256"] == sha256(before.encode()).hexdigest()
    assert any(len(item["body"]) < len(text.split("\n")) for item, text in zip(items, TEXTS, strict=True))
    assert figures["cleaner/changed"] > 4
    assert figures["cleaner/changed"] + figures["cleaner/unchanged"] == len(TEXTS)
    assert "ERROR" not in log


ODD = """
    class Author(scrapy.Item):
        name = scrapy.Field()

    class Shown:
        "Bytes are no JSON, so they are exported as Python shows them."
        def process_item(self, item):
            if isinstance(item.get("body"), bytes):
                item["body"] = repr(item["body"])
            return item

    def odd(self, number, url, body):
        yield {"url": url}
        yield {"url": url, "body": None}
        yield {"url": url, "body": 5}
        yield {"url": url, "body": "%PDF-1.7".encode() + bytes(9)}
        yield {"url": url, "body": "Share on Facebook"}
        yield {"url": url, "body": ["Share on Facebook", "Share on Twitter"]}
        yield {"url": url, "body": []}
        yield {"url": url, "body": ["It was six.The end.", None]}
        yield {"url": url, "body": "It was six.The end."}
        yield Author(name="Ann")

    Spider.items = lambda self, number, url, body: odd(self, number, url, body) if number == 0 else ()
    Spider.custom_settings = {"ITEM_PIPELINES": {"cleaner.integrations.scrapy.CleanerPipeline": 300, Shown: 400}}
    """


def test_items_that_are_odd_pass_through_and_are_counted(tmp_path: Path, site: str) -> None:
    settings = {"CLEANER_FIELD": "body", "CLEANER_DROP_EMPTY": True, "CLEANER_CONFIG": {"max_removed": 1.0}}
    items, figures, log = crawl(tmp_path, site, settings, ODD)
    assert [item.get("body", "") for item in items if "url" in item] == [
        "", None, 5, repr(b"%PDF-1.7" + bytes(9)), ["It was six.The end.", None], "It was six. The end.",
    ]  # fmt: skip
    assert {"name": "Ann"} in items
    assert figures["cleaner/no_text"] == 3
    assert figures["cleaner/failed"] == 3
    assert figures["cleaner/dropped_empty"] == 3
    assert figures["item_scraped_count"] == 7
    assert figures["item_dropped_count"] == 3
    assert "items of class Author are passed on without it: no field 'body' (fields: name)" in log
    assert "left as it is: int, not a text" in log
    assert "left as it is: list with NoneType in it, not a list of texts" in log
    assert "left as it is: this is a PDF document, not text" in log


SLOW = """
    import cleaner.pipeline

    class Slow:
        name = "slow"
        def propose(self, texts):
            for text in texts:
                if "SLOW" in text:
                    time.sleep(3)
                if "CRASH" in text:
                    raise RuntimeError("poison")
            return [() for _ in texts]
        def threshold(self, edit):
            return 0.5

    cleaner.pipeline.build_stages = lambda config: (Slow(),)
    Spider.items = lambda self, number, url, body: iter([dict(url=url, body=("SLOW", "CRASH", "well")[number % 3])])
    """


@pytest.mark.parametrize("reactor", ["asyncioreactor.AsyncioSelectorReactor", "selectreactor.SelectReactor"])
def test_a_slow_document_stalls_nothing_and_a_poisonous_one_kills_nothing(
    tmp_path: Path, site: str, reactor: str
) -> None:
    settings = {"TWISTED_REACTOR": f"twisted.internet.{reactor}"}
    items, figures, log = crawl(tmp_path, site, settings, SLOW.replace('("SLOW"', '("SLOW" if number == 0 else "fine"'))
    assert len(items) == len(TEXTS)
    assert figures["elapsed_time_seconds"] >= 3
    assert figures["gap"] < 2
    assert figures["cleaner/failed"] == len([n for n in range(len(TEXTS)) if n % 3 == 1])
    assert "internal error, please report it: RuntimeError: poison" in log


def test_a_wrong_setting_ends_the_crawl_before_it_begins(tmp_path: Path, site: str) -> None:
    items, figures, log = crawl(tmp_path, site, {"CLEANER_STAGES": ["noises"]})
    assert items == []
    assert "downloader/request_count" not in figures
    assert "stages: unknown value 'noises'; did you mean 'noise'?" in log


@pytest.mark.filterwarnings("ignore")
def test_broken_rules_of_one_site_spoil_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scrapy.settings import Settings
    from scrapy.statscollectors import StatsCollector

    from cleaner.integrations.scrapy import CleanerPipeline

    monkeypatch.setattr("cleaner.integrations.scrapy.is_asyncio_available", lambda: True)  # there is no reactor here
    (tmp_path / "broken.example.toml").write_text("remove = 5")
    (tmp_path / "courier.example.toml").write_text('remove = ["The Courier, a paper since {number}."]')
    crawler: Any = SimpleNamespace(settings=Settings({"CLEANER_CONFIG": {"sites": str(tmp_path)}}))
    crawler.stats = StatsCollector(crawler)
    text = "It was six. The end.\nThe Courier, a paper since 1884.\nNobody was hurt, she said."
    sites = ["courier.example", "broken.example", "other.example"] * 3

    async def crawl() -> list[Any]:
        pipeline = CleanerPipeline.from_crawler(crawler)
        items = [{"url": f"https://{site}/{n}", "text": text} for n, site in enumerate(sites)]
        done = await asyncio.gather(*map(pipeline.process_item, items))
        pipeline.close_spider()
        return done

    items = asyncio.run(crawl())
    assert [item["url"].split("/")[2] for item in items] == sites
    assert [item["text"] != text for item in items] == [True, False, False] * 3
    assert crawler.stats.get_value("cleaner/failed") == 3
    assert "https://broken.example/1: left as it is" in caplog.text
