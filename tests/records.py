"""What the tests of files of records share."""

from __future__ import annotations

import io
from collections.abc import Callable

from click.testing import Result

from cleaner.formats import Record, table

Call = Callable[..., Result]

DIRTY = "Teh teh pier.\nBuy SPAM now\nThe end."
CLEAN = "Teh the pier.\nThe end."


def read(format_: str, data: bytes, field: str = "") -> list[Record]:
    return list(table(format_, field).records(io.BytesIO(data)))


def errors(format_: str, data: bytes, field: str = "") -> list[tuple[int, str]]:
    return [(record.number, record.error) for record in read(format_, data, field) if record.error]


def texts(format_: str, data: bytes, field: str = "") -> list[str]:
    return [record.cell.text for record in read(format_, data, field) if record.cell]


def refused(result: Result, *messages: str) -> None:
    assert result.exit_code == 123, result.stderr
    for message in messages:
        assert message in result.stderr
    assert "Traceback" not in result.stderr
