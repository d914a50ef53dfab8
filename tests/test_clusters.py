"""Ray and Spark, run for real on this machine: `make test-engines`."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from dirty import by_command_line, dirty

from cleaner.errors import CleanerError
from cleaner.integrations.cleaning import cached_cleaner

pytestmark = [pytest.mark.engines, pytest.mark.filterwarnings("ignore")]  # theirs

ADD = ("changes", "removed", "labels", "flagged")
TEXTS = [*(text for text in dirty() if "\ud800" not in text), None]


def expected() -> list[dict[str, Any]]:
    """What the command line gives, with its columns; for null it adds none."""
    *records, last = by_command_line(tuple(TEXTS), *(f"--add={name}" for name in ADD))
    return [*records, {**last, **{f"cleaner_{name}": None for name in ADD}}]


# ------------------------------------------------------------------------------------------------------------------ Ray


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    """Ray on this machine alone."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    module = pytest.importorskip("ray")
    environment = {"env_vars": {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}}
    module.init(num_cpus=4, include_dashboard=False, log_to_driver=False, runtime_env=environment)
    module.data.DataContext.get_current().enable_progress_bars = False
    yield module
    module.shutdown()


def test_ray_gives_what_the_command_line_gives(ray: Any) -> None:
    from cleaner.integrations.ray import CleanBatches

    rows = ray.data.from_items([{"id": n, "body": text} for n, text in enumerate(TEXTS)], override_num_blocks=6)
    made = rows.map_batches(
        CleanBatches,
        fn_constructor_args=["body"],
        fn_constructor_kwargs={"add": ADD},
        batch_format="pyarrow",
        batch_size=8,
        concurrency=2,
    )
    found = sorted(made.take_all(), key=lambda row: row["id"])
    assert [row.pop("id") for row in found] == list(range(len(TEXTS)))
    assert [{"text": row.pop("body"), **row} for row in found] == expected()


class Watched:
    """Cleans batches, and says in each row which process did, and how often a cleaner was built there."""

    def __init__(self) -> None:
        from cleaner.integrations.ray import CleanBatches

        self.clean = CleanBatches(config={"stages": ["typos"]})

    def __call__(self, batch: Any) -> Any:
        import pyarrow as pa

        made = self.clean(batch)
        seen = f"{os.getpid()} {cached_cleaner.cache_info().misses}"
        return made.append_column("seen", pa.array([seen] * len(made)))


def test_ray_loads_models_once_in_each_actor(ray: Any) -> None:
    rows = ray.data.from_items([{"text": f"{n} It was six.The end."} for n in range(40)], override_num_blocks=10)
    made = rows.map_batches(Watched, batch_format="pyarrow", batch_size=4, concurrency=2).take_all()
    assert all(row["text"].endswith(". The end.") for row in made)
    actors = {tuple(row["seen"].split()) for row in made}
    assert len({process for process, _ in actors}) == len(actors) <= 2
    assert {built for _, built in actors} == {"1"}
    assert str(os.getpid()) not in {process for process, _ in actors}


def test_ray_says_what_is_wrong(ray: Any) -> None:
    from cleaner.integrations.ray import CleanBatches

    rows = ray.data.from_items([{"text": "a", "price": 1}])
    wrong = rows.map_batches(CleanBatches, fn_constructor_args=["txt"], batch_format="pyarrow", concurrency=1)
    with pytest.raises(Exception, match="no field 'txt'; did you mean 'text'"):
        wrong.take_all()
    (batch,) = ray.get(rows.to_arrow_refs())
    with pytest.raises(CleanerError, match="the column 'price' holds int64, not text"):
        CleanBatches("price")(batch)
    with pytest.raises(CleanerError, match='batch_format="pyarrow"'):
        CleanBatches()({"text": ["a"]})
    with pytest.raises(CleanerError, match="did you mean 'changes'"):
        CleanBatches(add=["change"])


# ---------------------------------------------------------------------------------------------------------------- Spark


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """Spark on this machine alone, with two Python workers."""
    pytest.importorskip("pyspark")
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    session = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "8").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def test_the_recipe_for_spark_gives_what_the_command_line_gives(spark: Any, tmp_path: Path) -> None:
    section = (ROOT / "docs/integrations.md").read_text(encoding="utf-8").split("\n## Spark\n")[1].split("\n## ")[0]
    (code,) = re.findall(r"```python\n(.*?)```", section, re.S)
    rows = "".join(json.dumps({"id": n, "body": text}) + "\n" for n, text in enumerate(TEXTS))
    (tmp_path / "crawl.jsonl").write_text(rows, encoding="utf-8")
    code = code.replace('"crawl/', f'"{tmp_path}/').replace('"clean/', f'"{tmp_path}/clean/')
    exec(code, {"spark": spark, "__name__": "example"})
    found = spark.read.parquet(f"{tmp_path}/clean/").sort("id").collect()
    assert [row["body"] for row in found] == [record["text"] for record in expected()]
    assert [row["cleaner_changes"] for row in found] == [record["cleaner_changes"] for record in expected()]
    assert [row["cleaner_status"] for row in found][-1] == "no text"
