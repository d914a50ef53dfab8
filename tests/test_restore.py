"""Undo for folders of files of records: each original comes back, and the ledger is not read again for each of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

import cleaner.restore
from cleaner.ledger import read_rows

Call = Callable[..., Result]


def jsonl(*texts: str) -> bytes:
    return "".join(json.dumps({"text": text}) + "\n" for text in texts).encode()


SOURCES = {
    "a.jsonl": jsonl("We saw teh ferry.", "Nothing.", "And teh quay."),
    "b.txt": b"On teh quay.\n",
    "c.jsonl": jsonl("In teh harbour.") + b"no JSON\n",
    "d.jsonl": jsonl("By teh pier."),
    "e.jsonl": jsonl("By teh pier."),
}
"""The last two are the same, so the first of them in the ledger may stand for both."""


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The ledgers that were read, each time from the beginning."""
    times: list[Path] = []

    def counted(path: Path) -> Iterator[object]:
        times.append(path)
        yield from read_rows(path)

    monkeypatch.setattr(cleaner.restore, "read_rows", counted)
    return times


@pytest.fixture
def cleaned(call: Call, tmp_path: Path) -> Path:
    """The folder with the cleaned files; its ledger is beside it."""
    (tmp_path / "in").mkdir()
    for name, content in SOURCES.items():
        (tmp_path / "in" / name).write_bytes(content)
    assert call("clean", "in", "-o", "out", "--ledger", "ledger").exit_code == 123  # a line that is no JSON
    return tmp_path / "out"


def test_of_a_folder_of_files_of_records_the_ledger_is_read_twice(
    call: Call, cleaned: Path, read: list[Path], tmp_path: Path
) -> None:
    (cleaned / "e.jsonl").unlink()
    assert call("undo", "out", "--ledger", "ledger", "-o", "back").exit_code == 0
    assert len(read) == 2
    assert {path.name: path.read_bytes() for path in (tmp_path / "back").iterdir()} == {
        name: content for name, content in SOURCES.items() if name != "e.jsonl"
    }


def test_names_in_another_order_than_that_of_the_ledger(
    call: Call, cleaned: Path, read: list[Path], tmp_path: Path
) -> None:
    (cleaned / "e.jsonl").unlink()
    (cleaned / "a.jsonl").rename(cleaned / "z.jsonl")
    (cleaned / "d.jsonl").rename(cleaned / "0.jsonl")
    assert call("undo", "out", "--ledger", "ledger", "-o", "back").exit_code == 0
    assert len(read) == 2
    assert (tmp_path / "back" / "z.jsonl").read_bytes() == SOURCES["a.jsonl"]
    assert (tmp_path / "back" / "0.jsonl").read_bytes() == SOURCES["d.jsonl"]


def test_two_copies_of_a_file_that_the_ledger_knows_once(call: Call, cleaned: Path, tmp_path: Path) -> None:
    (cleaned / "copy.jsonl").write_bytes((cleaned / "a.jsonl").read_bytes())
    assert call("undo", "out", "--ledger", "ledger", "-o", "back").exit_code == 0
    for name in (*SOURCES, "copy.jsonl"):
        assert (tmp_path / "back" / name).read_bytes() == SOURCES.get(name, SOURCES["a.jsonl"])


def test_records_that_are_damaged_stop_one_file_and_no_other(call: Call, cleaned: Path, tmp_path: Path) -> None:
    rows = (tmp_path / "ledger").read_text(encoding="utf-8").splitlines(keepends=True)
    first = next(n for n, row in enumerate(rows) if '"change"' in row and "a.jsonl" in row)
    (tmp_path / "ledger").write_text("".join(rows[:first] + rows[first + 1 :]), encoding="utf-8")
    result = call("undo", "out", "--ledger", "ledger", "-o", "back")
    assert result.exit_code == 123
    assert "a.jsonl" in result.stderr
    assert "4 given back, 1 not" in result.stderr
    for name in ("b.txt", "c.jsonl", "d.jsonl", "e.jsonl"):
        assert (tmp_path / "back" / name).read_bytes() == SOURCES[name]
