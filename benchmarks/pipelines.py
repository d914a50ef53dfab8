"""What each integration costs beside bare `Cleaner.clean_many`, which does the cleaning in all of them.

    python benchmarks/pipelines.py --data DIR

`DIR` holds `typos/clean_dev.jsonl.xz`, clean English news; without it the project's own articles are taken. Documents
have about 4 KB. All run in one process on the same blocks of documents, in turn and each time in another order, after a
first run that fills the caches; what is printed is the median over the blocks of the ratio of CPU times (of all
threads), and its range. What an engine does beside calling us (starting workers, sending data, reading files) is not in
it. Integrations whose tool is not installed are left out. For one thread set OMP_NUM_THREADS=1.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from throughput import kinds

from cleaner import CleanConfig
from cleaner.integrations.cleaning import cached_cleaner, cleaning

BLOCKS = 7
ADD = ("changes", "removed", "labels", "flagged")

Tool = Callable[[Sequence[str]], object]


def bare() -> Tool:
    """The texts, and nothing else."""
    cleaner = cached_cleaner(CleanConfig())
    return lambda texts: [result.text for result in cleaner.clean_many(texts)]


def core(*add: str) -> Tool:
    """What all integrations share."""
    asked = cleaning(add=add)
    return lambda texts: [cleaned.text for cleaned in asked.values(texts)]


def by_pandas() -> Tool:
    import pandas as pd

    from cleaner.integrations.pandas import clean_column

    return lambda texts: clean_column(pd.DataFrame({"text": texts}), add=ADD)


def by_polars() -> Tool:
    import polars as pl

    from cleaner.integrations.polars import clean_column

    return lambda texts: clean_column(pl.DataFrame({"text": texts}), add=ADD)


def by_datasets() -> Tool:
    from datasets import Dataset, disable_progress_bars

    from cleaner.integrations.datasets import CleanBatch

    disable_progress_bars()
    batch = CleanBatch(add=ADD)
    return lambda texts: Dataset.from_dict({"text": texts}).map(batch, batched=True, load_from_cache_file=False)


def by_sklearn() -> Tool:
    from cleaner.integrations.sklearn import TextCleaner

    return lambda texts: TextCleaner().fit_transform(list(texts))


def by_datatrove() -> Tool:
    from datatrove.data import Document

    from cleaner.integrations.datatrove import CleanerStep

    step = CleanerStep(add=ADD)
    return lambda texts: list(step.run(Document(text, str(n)) for n, text in enumerate(texts)))


def by_ray() -> Tool:
    """The class that Ray's actors call, on one Arrow table."""
    import pyarrow as pa
    import ray  # noqa: F401  # listed where it is installed

    from cleaner.integrations.ray import CleanBatches

    clean = CleanBatches(add=ADD)
    return lambda texts: clean(pa.table({"text": texts}))


def by_scrapy(together: int) -> Tool:
    """The item pipeline in an event loop; so many items are on the way at the same time (Scrapy: 100 a response)."""
    from scrapy.statscollectors import StatsCollector
    from scrapy.utils.test import get_crawler

    from cleaner.integrations.scrapy import CleanerPipeline

    crawler = get_crawler(settings_dict={"CLEANER_ADD": list(ADD)})
    crawler.stats = StatsCollector(crawler)

    async def crawl(texts: Sequence[str]) -> list[Any]:
        pipeline = CleanerPipeline.from_crawler(crawler)
        items = []
        for start in range(0, len(texts), together):
            some = [pipeline.process_item({"text": text}) for text in texts[start : start + together]]
            items += await asyncio.gather(*some)
        pipeline.close_spider()
        return items

    return lambda texts: asyncio.run(crawl(texts))


TOOLS: dict[str, Callable[[], Tool]] = {
    "core, text alone": core,
    "core, 4 columns": lambda: core(*ADD),
    "core, ledger": lambda: core("ledger"),
    "pandas": by_pandas,
    "polars": by_polars,
    "Hugging Face datasets": by_datasets,
    "scikit-learn": by_sklearn,
    "datatrove": by_datatrove,
    "Ray Data": by_ray,
    "Scrapy, 100 items at a time": lambda: by_scrapy(100),
    "Scrapy, 1 item at a time": lambda: by_scrapy(1),
}


def installed() -> Iterator[tuple[str, Tool]]:
    for name, make in TOOLS.items():
        try:
            yield name, make()
        except ImportError as error:
            print(f"  {name}: not installed ({error})")


def seconds(tool: Tool, texts: Sequence[str]) -> float:
    start = time.process_time()
    tool(texts)
    return time.process_time() - start


def compare(texts: Sequence[str]) -> None:
    """The table of ratios."""
    tools = list(installed())
    base = bare()
    blocks = [texts[n::BLOCKS] for n in range(BLOCKS) if texts[n::BLOCKS]]
    for _, tool in tools:
        tool(texts[:2])  # load what is loaded late
    ratios: dict[str, list[float]] = {name: [] for name, _ in tools}
    for number, block in enumerate(blocks):
        base(block)
        before = seconds(base, block)
        turn = number % len(tools)
        spent = {name: seconds(tool, block) for name, tool in tools[turn:] + tools[:turn]}
        own = (before + seconds(base, block)) / 2
        for name, time_ in spent.items():
            ratios[name].append(time_ / own)
    for name, found in ratios.items():
        print(f"  {name:28}{statistics.median(found):6.2f}   {min(found):.2f} to {max(found):.2f}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="the folder that holds `typos/`")
    parser.add_argument("--documents", type=int, default=210, help="documents of each kind")
    options = parser.parse_args()
    for kind, texts in kinds(options.data).items():
        some = texts[: options.documents]
        size = sum(map(len, some)) / max(len(some), 1)
        print(f"\n{kind}: {len(some)} documents of {size:.0f} characters; CPU time as a multiple of clean_many")
        if some:
            compare(some)


if __name__ == "__main__":
    main()
