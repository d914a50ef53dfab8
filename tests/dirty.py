"""Dirty texts for the tests of integrations, and what the command line makes of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from conftest import ROOT, cleaner_process

FERRY = (ROOT / "examples/ferry.txt").read_text(encoding="utf-8")


@cache
def dirty() -> tuple[str, ...]:
    """Articles of our own with noise, broken characters and typos, and texts that are odd in other ways."""
    rows = (ROOT / "training_data/world.jsonl").read_text(encoding="utf-8").splitlines()[:40]
    articles = [json.loads(row)["text"] for row in rows]
    odd = [
        FERRY,
        FERRY.replace("\n", "\r\n"),
        "",
        " \n",
        "One line",
        "The caf\u00c3\u00a9 opens at six.It was late.\r\nRead more: Ten quiet beaches\rShare on Facebook\n",
        "Half a pair \ud800 and a z\u00e9ro &amp; more.",
        "The the queue was long.\x00 Nobody minded.",
        "\u65b0\u3057\u3044\u6a4b\u304c\u958b\u901a\u3057\u305f\u3002",
    ]
    return (*articles, *odd)


@cache
def by_command_line(texts: tuple[str | None, ...], *options: str) -> tuple[dict[str, Any], ...]:
    """The records that `cleaner clean` makes of texts."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "texts.jsonl"
        path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
        process = cleaner_process("clean", path, "-q", *options, cwd=path.parent)
    assert process.returncode == 0, process.stderr.decode()
    return tuple(json.loads(row) for row in process.stdout.splitlines())


def cleaned(texts: Sequence[str | None], *options: str) -> list[str]:
    """The texts that `cleaner clean` makes of texts."""
    return [record["text"] for record in by_command_line(tuple(texts), *options)]
