"""The ledger: what it says is true, and with it the source comes back byte for byte."""

from __future__ import annotations

import json
import os
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from conftest import small_stages
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.config import CleanConfig
from cleaner.decode import decode
from cleaner.edits import Change, apply
from cleaner.errors import BinaryInputError, LedgerError
from cleaner.formats import decoded_output, encoded, in_own_line_ends
from cleaner.ledger import Applied, Entry, LedgerFile, find_entry, line, read_entries, records, undo
from cleaner.pipeline import Cleaner
from cleaner.result import CleanResult

CLEANER = Cleaner(stages=small_stages(CleanConfig()))

ARTICLE = (
    "The ferry left teh pier at noon.\nBuy SPAM now\nCaf\u00e9 owners \u2013 and others &amp; guests \u2013 waved.\n"
    "Read perhaps SPAM here\nNobody in teh caf\u00e9 saw it return.\n"
)
LATIN = ARTICLE.encode("cp1252")
SOURCES = {
    "utf-8": ARTICLE.encode(),
    "no last line end": ARTICLE.rstrip().encode(),
    "cp1252": LATIN,
    "mixed encodings": ARTICLE.encode() + LATIN + ARTICLE.encode(),
    "crlf": ARTICLE.replace("\n", "\r\n").encode(),
    "cr": ARTICLE.replace("\n", "\r").encode(),
    "mixed line ends": ARTICLE.replace(".\n", ".\r\n").encode(),
    "cr cr lf": ARTICLE.replace("\n", "\r\r\n").encode(),
    "bom": ARTICLE.encode("utf-8-sig"),
    "bom crlf": ARTICLE.replace("\n", "\r\n").encode("utf-8-sig"),
    "cp1252 crlf": ARTICLE.replace("\n", "\r\n").encode("cp1252"),
    "utf-16 le": b"\xff\xfe" + ARTICLE.encode("utf-16-le"),
    "utf-16 be crlf": b"\xfe\xff" + ARTICLE.replace("\n", "\r\n").encode("utf-16-be"),
    "utf-16 without bom": ARTICLE.encode("utf-16-le"),
    "truncated utf-8": ARTICLE.encode()[:-1] + "\u00e9".encode()[:1],
    "undecodable": b"teh \xc3\xa9 pier\xff\n" * 3 + b"SPAM\xfe\n",
    "double bom": b"\xef\xbb\xbf" * 2 + ARTICLE.encode(),
    "only noise": b"SPAM",
    "empty": b"",
    "blank lines": b"\r\n\r\n\r\n",
}


def cleaned(source: bytes) -> CleanResult:
    return in_own_line_ends(CLEANER.clean(source))


def ledger_of(source: bytes, doc: str = "doc") -> list[dict[str, Any]]:
    return list(records(cleaned(source), doc, source, "0", {"noise": "noise-1.0.0"}))


def rows_of(source: bytes, doc: str = "doc") -> bytes:
    return b"".join(map(line, ledger_of(source, doc)))


def written(folder: Path, *sources: tuple[str, bytes]) -> Path:
    path = folder / "ledger.jsonl"
    book = LedgerFile(path)
    for doc, source in sources:
        book.add(rows_of(source, doc))
    book.close()
    return path


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_undo_gives_the_bytes_back(source: bytes, tmp_path: Path) -> None:
    output = encoded(cleaned(source))
    entry = find_entry(read_entries(written(tmp_path, ("doc", source))), output, "doc")
    assert undo(output, entry) == source


PIECES = st.sampled_from(
    ["teh", "teh pier", "SPAM", "perhaps SPAM", "caf\u00e9 &amp;", "\n", "\r\n", "\r", "\n\n", " ", "\u2028", "\x85"]
)
ENCODINGS = st.sampled_from(["utf-8", "cp1252", "utf-8-sig", "utf-16"])


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.lists(PIECES, max_size=8), ENCODINGS), max_size=4), st.sampled_from(["", "\r\n", "\n"]))
def test_undo_gives_any_bytes_back(parts: list[tuple[list[str], str]], ending: str) -> None:
    source = b""
    for pieces, encoding in parts:
        text = ending.join(pieces) if ending else "".join(pieces)
        source += text.encode(encoding if not source or encoding != "utf-16" else "utf-8", "replace")
    try:
        result = cleaned(source)
    except BinaryInputError:  # UTF-16 followed by bytes of another kind
        return
    rows = [json.loads(line(record)) for record in records(result, "doc", source, "0", {})]
    assert undo(encoded(result), entry_of(rows)) == source


def entry_of(rows: list[dict[str, Any]]) -> Entry:
    applied = tuple(Applied(row["start"], row["before"], row["after"]) for row in rows[1:] if row["applied"])
    return Entry(rows[0], applied)


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_the_records_say_what_was_done(source: bytes) -> None:
    document, *changes = ledger_of(source)
    text = decode(source).text
    output = cleaned(source)
    for change in changes:
        assert text[change["start"] : change["end"]] == change["before"]
    applied = [Change(c["start"], c["end"], c["after"]) for c in changes if c["applied"]]
    assert apply(text, applied) == output.text
    assert document["source_sha256"] == sha256(source).hexdigest()
    assert document["cleaned_sha256"] == sha256(encoded(output)).hexdigest()
    assert decoded_output(encoded(output), document["bom"], document["encoding"]) == output.text


def test_the_fields_of_the_records() -> None:
    document, *changes = ledger_of(SOURCES["utf-8"])
    assert " ".join(document) == (
        "type doc source_sha256 cleaned_sha256 encoding bom undecodable legacy cleaner models"
    )
    assert document["models"] == {"noise": "noise-1.0.0"}
    names = ["type", "doc", "start", "end", "before", "after", "stage", "label", "rule", "reason", "score", "applied"]
    assert [list(change) for change in changes] == [names] * len(changes)
    assert [(c["before"], c["after"], c["stage"], c["label"], c["applied"]) for c in changes] == [
        ("eh", "he", "typos", "", True),
        ("\nBuy SPAM now", "", "noise", "keyword_spam", True),
        ("amp;", "", "repair", "", True),
        ("eh", "he", "typos", "", True),
        ("\nRead perhaps SPAM here", "", "noise", "keyword_spam", False),
    ]


@pytest.mark.parametrize("kind", ["crlf", "cr", "bom crlf", "cp1252 crlf", "utf-16 be crlf"])
def test_line_ends_of_one_kind_stay_and_need_no_record(kind: str) -> None:
    ending = "\r" if kind == "cr" else "\r\n"
    _, *changes = ledger_of(SOURCES[kind])
    plain = ledger_of(SOURCES["utf-8"])[1:]
    assert [c["before"] for c in changes] == [c["before"].replace("\n", ending) for c in plain]
    assert {c["stage"] for c in changes} == {"repair", "noise", "typos"}
    assert cleaned(SOURCES[kind]).text == cleaned(SOURCES["utf-8"]).text.replace("\n", ending)


def test_mixed_line_ends_become_lf_and_are_on_record() -> None:
    output = cleaned(SOURCES["mixed line ends"])
    assert "\r" not in output.text
    assert output.text == cleaned(SOURCES["utf-8"]).text
    assert sum(change["stage"] == "decode" for change in ledger_of(SOURCES["mixed line ends"])[1:]) == 3


def test_the_same_input_gives_the_same_ledger(tmp_path: Path) -> None:
    first = written(tmp_path, *SOURCES.items()).read_bytes()
    assert written(tmp_path, *SOURCES.items()).read_bytes() == first


def test_no_work_costs_no_record() -> None:
    assert len(ledger_of(b"Nothing is wrong here.\r\nNor here.\r\n")) == 1


class TestWriting:
    def test_go_on_keeps_what_is_there(self, tmp_path: Path) -> None:
        path = written(tmp_path, ("one", b"teh one"))
        book = LedgerFile(path, go_on=True)
        book.add(rows_of(b"teh other", "two"))
        book.close()
        assert [entry.doc for entry in read_entries(path)] == ["one", "two"]

    def test_go_on_cuts_off_a_record_that_was_being_written(self, tmp_path: Path) -> None:
        path = written(tmp_path, ("one", b"teh one"))
        whole = path.read_bytes()
        path.write_bytes(whole + b'{"type": "document", "doc": "tw')
        LedgerFile(path, go_on=True).close()
        assert path.read_bytes() == whole

    @pytest.mark.parametrize("go_on", [True, False])
    def test_a_file_that_is_no_ledger_is_not_overwritten(self, tmp_path: Path, go_on: bool) -> None:
        path = tmp_path / "article.txt"
        path.write_text("An article.\n")
        with pytest.raises(LedgerError, match=r"article\.txt: exists and is no ledger"):
            LedgerFile(path, go_on=go_on)
        assert path.read_text() == "An article.\n"

    def test_a_folder_is_no_ledger(self, tmp_path: Path) -> None:
        with pytest.raises(LedgerError, match="cannot be written: is a directory"):
            LedgerFile(tmp_path)

    def test_half_a_surrogate_pair_is_written(self) -> None:
        assert json.loads(line({"before": "\ud800 \u00e9"})) == {"before": "\ud800 \u00e9"}

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no device that is full")
    def test_a_full_disk_is_said(self) -> None:
        with (
            closing(LedgerFile(Path("/dev/full"))) as book,
            pytest.raises(LedgerError, match="/dev/full: the ledger cannot be written: no space left"),
        ):
            book.add(rows_of(b"teh"))


class TestReading:
    @pytest.mark.parametrize(
        ("rows", "message"),
        [
            (b"{\n", r"ledger:1: not a line of JSON"),
            (b"[1]\n", r"ledger:1: not a JSON object"),
            (b"\xff\xfe\n", r"ledger:1: not a line of JSON"),
            (b'{"type": "change"}\n', r"ledger:1: neither a document nor a change of one"),
            (b'{"type": "document", "doc": 3}\n', r"ledger:1: the field 'doc' must be of type str, not 3"),
            (b'{"type": "document", "doc": "a"}\n', r"ledger:1: the field 'source_sha256' is missing"),
        ],
    )
    def test_what_is_broken_is_named(self, tmp_path: Path, rows: bytes, message: str) -> None:
        path = tmp_path / "ledger"
        path.write_bytes(rows)
        with pytest.raises(LedgerError, match=message):
            list(read_entries(path))

    def test_a_change_whose_length_is_wrong(self, tmp_path: Path) -> None:
        path = written(tmp_path, ("doc", b"teh"))
        path.write_bytes(path.read_bytes().replace(b'"end": 3', b'"end": 4'))
        with pytest.raises(LedgerError, match=r"ledger\.jsonl:2: 'before' is not 1 to 4"):
            list(read_entries(path))

    def test_a_ledger_that_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(LedgerError, match="nowhere: no such file"):
            list(read_entries(tmp_path / "nowhere"))


class TestFinding:
    def test_a_text_that_was_changed_is_refused(self, tmp_path: Path) -> None:
        path = written(tmp_path, ("doc", SOURCES["utf-8"]))
        with pytest.raises(LedgerError, match="it was changed after cleaning"):
            find_entry(read_entries(path), b"something else", "moved/doc")
        with pytest.raises(LedgerError, match="knows no document with its digest"):
            find_entry(read_entries(path), b"something else", "other")

    def test_several_sources_with_one_outcome(self, tmp_path: Path) -> None:
        path = written(tmp_path, ("a.txt", b"teh end"), ("b.txt", b"the end"), ("c.txt", b"the end\nSPAM"))
        chosen = find_entry(read_entries(path), b"the end", "moved/c.txt")
        assert undo(b"the end", chosen) == b"the end\nSPAM"
        with pytest.raises(LedgerError, match=r"several documents came out like this one.*--doc"):
            find_entry(read_entries(path), b"the end", "x.txt")
        chosen = find_entry(read_entries(path), b"the end", "x.txt", doc="a.txt")
        assert undo(b"the end", chosen) == b"teh end"

    def test_a_second_run_that_changed_nothing_does_not_hide_the_first(self, tmp_path: Path) -> None:
        path = written(tmp_path, ("a.txt", b"teh end"), ("a.txt", b"the end"))
        assert undo(b"the end", find_entry(read_entries(path), b"the end", "a.txt")) == b"teh end"


class TestTampering:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("encoding", "no-such-encoding"),
            ("encoding", "ascii"),
            ("undecodable", [[0, "zz"]]),
            ("undecodable", [3]),
            ("legacy", [[5, 2, 1]]),
            ("source_sha256", "0" * 64),
        ],
    )
    def test_a_damaged_document_record(self, field: str, value: object) -> None:
        source = SOURCES["cp1252"]
        rows = ledger_of(source)
        rows[0][field] = value
        with pytest.raises(LedgerError, match="its records are damaged"):
            undo(encoded(cleaned(source)), entry_of(rows))

    @pytest.mark.parametrize(("field", "value"), [("start", 9999), ("start", -4), ("after", "xx"), ("before", "xx")])
    def test_a_damaged_change(self, field: str, value: object) -> None:
        source = SOURCES["utf-8"]
        rows = ledger_of(source)
        rows[2][field] = value
        with pytest.raises(LedgerError, match="its records are damaged"):
            undo(encoded(cleaned(source)), entry_of(rows))

    def test_another_text(self) -> None:
        with pytest.raises(LedgerError, match="the digest of the cleaned text is not that of the ledger"):
            undo(b"another text", entry_of(ledger_of(SOURCES["utf-8"])))
