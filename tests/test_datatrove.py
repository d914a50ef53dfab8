"""The step of datatrove, run by its local executor with several tasks over several files."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from dirty import by_command_line, dirty

from cleaner.errors import CleanerError

pytest.importorskip("datatrove")

from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader, ParquetReader
from datatrove.pipeline.writers import JsonlWriter, ParquetWriter

from cleaner.integrations.datatrove import SUMMARY, CleanerStep

pytestmark = pytest.mark.filterwarnings("ignore")  # datatrove's own
TEXTS = [text for text in dirty() if text.strip() and "\ud800" not in text]
SHARDS = 4


def expected() -> dict[str, dict[str, Any]]:
    """What the command line gives, by document."""
    records = by_command_line(tuple(TEXTS), *(f"--add={name}" for name in SUMMARY))
    return {f"d{n}": record for n, record in enumerate(records)}


def write_jsonl(folder: Path) -> None:
    folder.mkdir()
    for shard in range(SHARDS):
        with gzip.open(folder / f"{shard}.jsonl.gz", "wt", encoding="utf-8") as stream:
            for n in range(shard, len(TEXTS), SHARDS):
                stream.write(json.dumps({"id": f"d{n}", "text": TEXTS[n], "site": f"s{shard}"}) + "\n")


def write_parquet(folder: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    folder.mkdir()
    for shard in range(SHARDS):
        rows = [{"id": f"d{n}", "text": TEXTS[n]} for n in range(shard, len(TEXTS), SHARDS)]
        parquet.write_table(pa.Table.from_pylist(rows), folder / f"{shard}.parquet")


def executor(pipeline: Sequence[Any], folder: Path) -> Any:
    return LocalPipelineExecutor(list(pipeline), tasks=SHARDS, workers=2, logging_dir=str(folder / "logs"))


def read_jsonl(folder: Path) -> dict[str, Any]:
    """The documents of a folder, by their number."""
    found = {}
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            found.update({row["id"]: row for row in map(json.loads, stream)})
    return found


def check(found: dict[str, Any]) -> None:
    """The documents are those that the command line gives."""
    assert {name: {"text": row["text"], **summary(row["metadata"])} for name, row in found.items()} == expected()


def summary(metadata: dict[str, Any]) -> dict[str, Any]:
    return {name: metadata[name] for name in (f"cleaner_{name}" for name in SUMMARY)}


def test_from_jsonl_to_parquet(tmp_path: Path) -> None:
    from pyarrow import parquet

    write_jsonl(tmp_path / "in")
    pipeline = [JsonlReader(str(tmp_path / "in")), CleanerStep(), ParquetWriter(str(tmp_path / "out"))]
    stats = executor(pipeline, tmp_path).run()
    rows = [row for path in (tmp_path / "out").glob("*.parquet") for row in parquet.read_table(path).to_pylist()]
    assert len(list((tmp_path / "out").glob("*.parquet"))) == SHARDS
    check({row["id"]: row for row in rows})
    assert {row["metadata"]["site"] for row in rows} == {f"s{shard}" for shard in range(SHARDS)}

    (figures,) = (step.stats for step in stats.stats if "cleaner" in step.name)
    changed = sum(record["text"] != text for record, text in zip(expected().values(), TEXTS, strict=True))
    assert figures["total"].total == figures["forwarded"].total == len(TEXTS)
    assert figures["changed"].total == changed > 20
    assert figures["unchanged"].total == len(TEXTS) - changed
    changes = sum(record["cleaner_changes"] for record in expected().values())
    assert sum(figure.total for name, figure in figures.items() if name.startswith("changes_")) == changes
    written = json.loads((tmp_path / "logs/stats.json").read_text())
    (of_step,) = (step["stats"] for step in written if "cleaner" in step["name"])
    assert of_step["total"] == len(TEXTS)


def test_from_parquet_to_jsonl_and_what_was_not_done_is_done_later(tmp_path: Path) -> None:
    write_parquet(tmp_path / "in")
    pipeline = [ParquetReader(str(tmp_path / "in")), CleanerStep(), JsonlWriter(str(tmp_path / "out"))]
    executor(pipeline, tmp_path).run()
    check(read_jsonl(tmp_path / "out"))

    (tmp_path / "logs/completions/00002").unlink()  # as if the machine had died there
    written = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}
    (tmp_path / "out/00002.jsonl.gz").unlink()
    pipeline = [ParquetReader(str(tmp_path / "in")), CleanerStep(), JsonlWriter(str(tmp_path / "out"))]
    executor(pipeline, tmp_path).run()
    check(read_jsonl(tmp_path / "out"))
    again = [path.name for path in sorted(written) if path.stat().st_mtime_ns != written[path]]
    assert again == ["00002.jsonl.gz"]


@pytest.mark.usefixtures("small_cached")
def test_a_poisonous_document_is_passed_on() -> None:
    step = CleanerStep(add=["changes", "note"], drop_empty=True)
    texts = ["teh first", "SPAM that makes it crash", " \n", "teh last"]
    documents = list(step.run(Document(text, str(n)) for n, text in enumerate(texts)))
    assert [document.text for document in documents] == ["the first", "SPAM that makes it crash", "the last"]
    assert [document.metadata["cleaner_changes"] for document in documents] == [1, 0, 1]
    assert "RuntimeError" in documents[1].metadata["cleaner_note"]
    assert (step.stats["failed"].total, step.stats["dropped"].total, step.stats["forwarded"].total) == (1, 1, 3)


def test_a_wrong_setting_is_said_before_any_task_starts() -> None:
    with pytest.raises(CleanerError, match=r"did you mean 'noise\.budget'"):
        CleanerStep({"noise": {"budgt": 5}})


def test_the_metadata_choose_the_rules_of_a_site(tmp_path: Path) -> None:
    (tmp_path / "courier.example.toml").write_text('remove = ["The Courier, a paper since {number}."]\n')
    whole = "It was six. The end.\nThe Courier, a paper since 1884.\nNobody was hurt, she said."
    urls = ("https://www.courier.example/1", "https://other.example/2")
    documents = [Document(whole, str(n), metadata={"url": url}) for n, url in enumerate(urls)]
    found = [document.text for document in CleanerStep({"sites": str(tmp_path)}).run(iter(documents))]
    assert found == ["It was six. The end.\nNobody was hurt, she said.", whole]


def examples() -> list[str]:
    """The pipeline on the page about integrations, then its executors for Slurm and for Ray."""
    section = (ROOT / "docs/integrations.md").read_text(encoding="utf-8").split("\n## datatrove\n")[1].split("\n## ")[0]
    return re.findall(r"```python\n(.*?)```", section, re.S)


def test_the_pipeline_on_the_page_works(tmp_path: Path) -> None:
    (tmp_path / "crawl").mkdir()
    rows = "".join(json.dumps({"id": str(n), "body": text}) + "\n" for n, text in enumerate(TEXTS[:4]))
    (tmp_path / "crawl/1.jsonl").write_text(rows, encoding="utf-8")
    (tmp_path / "example.py").write_text(examples()[0], encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "example.py"], cwd=tmp_path, env=environment, check=True, capture_output=True)
    from pyarrow import parquet

    made = [row for path in (tmp_path / "clean").glob("*.parquet") for row in parquet.read_table(path).to_pylist()]
    assert [row["text"] for row in made] == [record["text"] for record in list(expected().values())[:4]]


@pytest.mark.parametrize("number", [1, 2], ids=["Slurm", "Ray"])
def test_executors_of_clusters_take_the_step(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    import dill

    taken: list[Any] = []
    for name in ("SlurmPipelineExecutor", "RayPipelineExecutor"):
        monkeypatch.setattr(f"datatrove.executor.{name}.run", lambda made: taken.append(made))
    space: dict[str, Any] = {"pipeline": [CleanerStep({"stages": ["typos"]}, add=["changes"])]}
    exec(examples()[number], space)
    (step,) = dill.loads(dill.dumps(taken[0].pipeline))  # so they send it to their tasks
    (document,) = step.run([Document("It was six.The end.", "1")])
    assert (document.text, document.metadata) == ("It was six. The end.", {"cleaner_changes": 1})
