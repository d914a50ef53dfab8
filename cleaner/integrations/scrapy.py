"""An item pipeline for Scrapy (the extra `scrapy`).

    ITEM_PIPELINES = {"cleaner.integrations.scrapy.CleanerPipeline": 300}
    CLEANER_FIELD = "body"

Texts are cleaned in a thread of its own, together with all others that wait there, so the crawl goes on meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from cleaner.errors import CleanerError, missing
from cleaner.formats.records import no_field, usual_field
from cleaner.integrations.cleaning import FAILED, NO_TEXT, Cleaned, Cleaning, Value, cleaning
from cleaner.pipeline import BATCH
from cleaner.sites.address import site_name

try:
    from itemadapter import ItemAdapter
    from scrapy.exceptions import DropItem
    from scrapy.utils.asyncio import is_asyncio_available
except ImportError as error:
    raise missing("scrapy", "scrapy") from error

_log = logging.getLogger("cleaner")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A text that waits for the thread that cleans: `done` will be what has become of it."""

    value: Value
    done: Future[Cleaned]


class CleanerPipeline:
    """Cleans one field of each item: dicts, `Item`, dataclasses and attrs classes.

    A list of texts (`response.css("p").xpath("string()").getall()`) is cleaned as the paragraphs of one article, and
    stays a list: without those that went. An item without text passes through untouched, and so does one that cannot be
    cleaned; both are counted. The settings are described in docs/integrations.md.

    Args:
        asked: how texts are cleaned.
        field: the field that holds the text; "": of each item the first of the usual names that it has.
        ledger_field: the field that gets the rows of the ledger; "": none.
        drop_empty: drop an item of whose text nothing is left.
        stats: the crawler's.
    """

    def __init__(self, asked: Cleaning, field: str, ledger_field: str, drop_empty: bool, stats: Any) -> None:
        self._cleaning = asked
        self._field = field
        self._ledger_field = ledger_field
        self._drop_empty = drop_empty
        self._stats = stats
        self._waiting: deque[Waiting] = deque()
        self._thread = ThreadPoolExecutor(1, "cleaner")
        self._numbers = count(1)
        self._told: set[tuple[type, str]] = set()

    @classmethod
    def from_crawler(cls, crawler: Any) -> CleanerPipeline:
        """The pipeline that the settings of a crawler describe.

        Raises:
            CleanerError: a setting is wrong.
        """
        settings = crawler.settings
        ledger_field = settings.get("CLEANER_LEDGER_FIELD") or ""
        add = [*settings.getlist("CLEANER_ADD"), *(["ledger"] if ledger_field else [])]
        asked = cleaning(settings.get("CLEANER_CONFIG"), add)
        if settings.get("CLEANER_STAGES") is not None:
            asked = replace(asked, config=replace(asked.config, stages=tuple(settings.getlist("CLEANER_STAGES"))))
        if settings.get("CLEANER_BUDGET") is not None:
            noise = replace(asked.config.noise, budget=settings.getfloat("CLEANER_BUDGET"))
            asked = replace(asked, config=replace(asked.config, noise=noise))
        next(asked.values(["a text"]))  # a wrong setting or a broken model ends the crawl before anything is fetched
        drop_empty = settings.getbool("CLEANER_DROP_EMPTY")
        return cls(asked, settings.get("CLEANER_FIELD") or "", ledger_field, drop_empty, crawler.stats)

    async def process_item(self, item: Any) -> Any:
        """The item with its text cleaned.

        Raises:
            DropItem: nothing is left of the text, and `CLEANER_DROP_EMPTY` is set.
        """
        adapter = ItemAdapter(item)
        field = self._field_of(adapter)
        if field is None:
            self._stats.inc_value("cleaner/no_text")
            return item
        site, url = adapter.get("site"), adapter.get("url")
        name = str(url or f"item {next(self._numbers)}")
        waiting = Waiting(Value(adapter[field], name, site_name(site, url), in_paragraphs=True), Future())
        self._waiting.append(waiting)
        self._thread.submit(self._clean_waiting)
        cleaned = await _awaitable(waiting.done)
        self._count(cleaned)
        if cleaned.status != NO_TEXT:
            adapter[field] = cleaned.text
            self._put(adapter, cleaned)
        if self._drop_empty and _is_blank(cleaned.text):
            self._stats.inc_value("cleaner/dropped_empty")
            raise DropItem(f"nothing is left of the text of {name}")
        return item

    def close_spider(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False)

    def _clean_waiting(self) -> None:
        """In the thread: clean what waits there, all together."""
        batch: list[Waiting] = []
        while self._waiting and len(batch) < BATCH:
            waiting = self._waiting.popleft()
            if waiting.done.set_running_or_notify_cancel():
                batch.append(waiting)
        self._clean(batch)

    def _clean(self, batch: list[Waiting]) -> None:
        """Clean; what a setting spoils that is read late (the rules of a site) is left as it is, and nothing else."""
        try:
            for waiting, cleaned in self._cleaning.rows(batch, lambda waiting: waiting.value):
                waiting.done.set_result(cleaned)
        except Exception as error:
            rest = [waiting for waiting in batch if not waiting.done.done()]
            for waiting in rest:
                if len(rest) > 1:
                    self._clean([waiting])
                else:
                    _log.error("%s: left as it is: %s", waiting.value.name, error)
                    waiting.done.set_result(Cleaned(waiting.value.text, FAILED, str(error)))

    def _field_of(self, adapter: Any) -> str | None:
        """The field that holds the text of an item; None if it has none, which is said once for each class of items."""
        names = list(adapter.field_names())
        if self._field:
            if self._field in adapter:
                return self._field
            if self._field not in names:
                self._tell(adapter, no_field(self._field, names, "CLEANER_FIELD"))
            return None
        try:
            return usual_field(list(adapter), "CLEANER_FIELD")
        except CleanerError as error:
            self._tell(adapter, str(error))
            return None

    def _put(self, adapter: Any, cleaned: Cleaned) -> None:
        """Put what was asked for into an item; a field that its class does not have is left out, and named once."""
        for name, value in cleaned.added.items():
            is_ledger = name == "cleaner_ledger" and bool(self._ledger_field)
            field = self._ledger_field if is_ledger else name
            rows = [json.loads(row) for row in str(value or "").split("\n") if row] if is_ledger else value
            try:
                adapter[field] = rows
            except KeyError:
                self._tell(adapter, no_field(field, list(adapter.field_names())))

    def _tell(self, adapter: Any, message: str) -> None:
        kind = type(adapter.item)
        if (kind, message) not in self._told and len(self._told) < 100:
            self._told.add((kind, message))
            _log.warning("items of class %s are passed on without it: %s", kind.__name__, message)

    def _count(self, cleaned: Cleaned) -> None:
        """Put what was done into the crawler's stats."""
        increase = self._stats.inc_value
        increase(f"cleaner/{cleaned.status.replace(' ', '_')}")
        if not cleaned.tally.stages and not cleaned.tally.flagged:
            return
        for stage, changes in cleaned.tally.stages.items():
            increase(f"cleaner/changes/{stage}", changes)
        for label, words in cleaned.tally.words.items():
            increase(f"cleaner/removed_words/{label}", words)
        if cleaned.tally.flagged:
            increase("cleaner/flagged", cleaned.tally.flagged)


def _is_blank(text: Any) -> bool:
    """Whether nothing is left of a text, or of any of its paragraphs."""
    parts = text if isinstance(text, (list, tuple)) else (text,)
    return all(isinstance(part, str) and not part.strip() for part in parts)


def _awaitable(future: Future[Cleaned]) -> Awaitable[Cleaned]:
    """What a coroutine of Scrapy can wait for, with whatever reactor there is."""
    if is_asyncio_available():
        return asyncio.wrap_future(future)
    from twisted.internet import reactor
    from twisted.internet.defer import Deferred

    deferred: Any = Deferred()

    def arrived(done: Future[Cleaned]) -> None:
        fire, value = (deferred.errback, done.exception()) if done.exception() else (deferred.callback, done.result())
        reactor.callFromThread(fire, value)

    future.add_done_callback(arrived)
    waited: Awaitable[Cleaned] = deferred
    return waited
