"""Parquet, pages, packed and long files, and what holds for every format; JSON Lines and CSV are in `test_tables`."""

from __future__ import annotations

import csv
import gzip
import io
import json
import lzma
from pathlib import Path

import pytest
from records import CLEAN, DIRTY, Call, read, refused

from cleaner.formats import format_of


class TestParquet:
    @pytest.fixture(autouse=True)
    def needs_pyarrow(self) -> None:
        pytest.importorskip("pyarrow.parquet")

    def written(self, path: Path, **columns: object) -> object:
        import pyarrow
        import pyarrow.parquet

        made = pyarrow.table(columns)
        pyarrow.parquet.write_table(made, path, compression="zstd", row_group_size=700)
        return made

    def test_only_the_column_changes_and_the_texts_come_back(self, call: Call, tmp_path: Path) -> None:
        from pyarrow import parquet

        source = self.written(
            tmp_path / "a.parquet", id=list(range(3000)), text=[None, DIRTY, "fine"] * 1000, x=[{"y": [1]}] * 3000
        )
        assert call("clean", "a.parquet", "-o", "b.parquet", "--ledger", "ledger").exit_code == 0
        cleaned = parquet.read_table(tmp_path / "b.parquet")
        assert cleaned.schema == source.schema  # type: ignore[attr-defined]
        assert cleaned.column("text").to_pylist() == [None, CLEAN, "fine"] * 1000
        assert cleaned.drop_columns("text") == source.drop_columns("text")  # type: ignore[attr-defined]
        assert parquet.ParquetFile(tmp_path / "b.parquet").metadata.row_group(0).column(0).compression == "ZSTD"
        assert call("undo", "b.parquet", "--ledger", "ledger", "-o", "c.parquet").exit_code == 0
        assert parquet.read_table(tmp_path / "c.parquet") == source

    def test_nested_added_and_in_place(self, call: Call, tmp_path: Path) -> None:
        from pyarrow import parquet

        source = self.written(tmp_path / "a.parquet", page=[{"text": DIRTY, "n": 1}, None, {"text": None, "n": 2}])
        options = ("--field", "page.text", "--add", "labels", "--ledger", "ledger")
        result = call("clean", "a.parquet", "--in-place", *options)
        assert result.exit_code == 0, result.stderr
        assert parquet.read_table(tmp_path / "a.parquet").to_pylist() == [
            {"page": {"text": CLEAN, "n": 1}, "cleaner_labels": "keyword_spam"},
            {"page": None, "cleaner_labels": None},
            {"page": {"text": None, "n": 2}, "cleaner_labels": None},
        ]
        assert call("undo", "a.parquet", "--ledger", "ledger", "-o", "b.parquet").exit_code == 0
        assert parquet.read_table(tmp_path / "b.parquet") == source

    def test_what_is_wrong_is_said(self, call: Call, tmp_path: Path) -> None:
        self.written(tmp_path / "a.parquet", id=[1], text=["teh"])
        refused(call("clean", "a.parquet", "--field", "txt"), "no field 'txt'; did you mean 'text'? (fields: id, text)")
        refused(call("clean", "a.parquet", "--field", "id"), "the column 'id' holds int64, not text")
        (tmp_path / "b.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-9])
        refused(call("clean", "b.parquet", "--in-place"), "b.parquet: not a whole Parquet file")
        self.written(tmp_path / "c.parquet", text=[])
        refused(call("clean", "c.parquet"), "the column 'text' holds null, not text")

    def test_through_pipes(self, call: Call, tmp_path: Path) -> None:
        from pyarrow import parquet

        self.written(tmp_path / "a.parquet", text=["teh"])
        out = call("clean", "--format", "parquet", stdin=(tmp_path / "a.parquet").read_bytes()).stdout_bytes
        assert parquet.read_table(io.BytesIO(out)).to_pylist() == [{"text": "the"}]


PAGE = """<html><head><title>The pier</title></head><body><nav><a href="/">Home</a></nav><article><h1>The pier</h1>
<p>The old pier opens again on Friday, and nobody in teh town had expected it so early in the year.</p>
<p>Its owner said on Monday that the repair had taken eleven months and most of what the island had saved.</p>
<p>The first ferry leaves at noon, and the council will watch it from the wall beside the fish market.</p>
</article></body></html>"""


class TestMarkup:
    @pytest.fixture(autouse=True)
    def needs_an_extractor(self) -> None:
        pytest.importorskip("trafilatura")

    def test_a_page_becomes_its_text(self, call: Call, tmp_path: Path) -> None:
        (tmp_path / "in").mkdir()
        (tmp_path / "in/a.html").write_text(PAGE, encoding="utf-8")
        (tmp_path / "in/b.htm.gz").write_bytes(gzip.compress(PAGE.encode()))
        (tmp_path / "in/c.html").write_bytes(b"")
        result = call("clean", "in", "-o", "out", "--ledger", "ledger")
        assert result.exit_code == 0
        assert "in/c.html: the extractor finds no article on this page" in result.stderr
        assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.html.txt", "b.htm.txt", "c.html.txt"]
        text = (tmp_path / "out/a.html.txt").read_text(encoding="utf-8")
        assert "nobody in the town had expected" in text
        assert "<p>" not in text
        undone = call("undo", "out/a.html.txt", "--ledger", "ledger")
        assert "nobody in teh town" in undone.stdout
        assert "this is the text that was extracted from the page, not the page" in undone.stderr
        assert call("clean", "in/a.html", "--in-place").exit_code == 2
        in_place = call("clean", "in", "--in-place")
        assert in_place.exit_code == 0
        assert "in: passed over what is not text or records: a.html, b.htm.gz, c.html\n" in in_place.stderr

    @pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
    def test_an_archive_becomes_json_lines(self, call: Call, tmp_path: Path) -> None:
        pytest.importorskip("warcio")
        archive(tmp_path / "a.warc.gz", PAGE)
        (tmp_path / "out").mkdir()
        assert call("clean", "a.warc.gz", "-o", "out", "--add", "changes").exit_code == 0
        (row,) = [json.loads(line) for line in (tmp_path / "out/a.warc.jsonl").read_bytes().splitlines()]
        assert (row["url"], row["cleaner_changes"]) == ("http://pier.example/1", 1)
        assert "nobody in the town had expected" in row["text"]
        (tmp_path / "b.warc").write_bytes(b"WARC/1.0\r\nbroken")
        (tmp_path / "c.warc").write_bytes(b"no archive at all\r\n")
        refused(call("clean", "c.warc"), "c.warc: not a whole web archive")


def archive(path: Path, page: str) -> None:
    """A web archive with one page and one image."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=path.suffix == ".gz")
        for number, kind in enumerate(("image/png", "text/html; charset=utf-8")):
            headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                f"http://pier.example/{number}", "response", payload=io.BytesIO(page.encode()), http_headers=headers
            )
            writer.write_record(record)


class TestAdded:
    def test_columns_on_request(self, call: Call, tmp_path: Path) -> None:
        names = ("changes", "removed", "labels", "flagged", "source")
        options = [option for name in names for option in ("--add", name)]
        values = {"changes": 2, "removed": 3, "labels": "keyword_spam", "flagged": 0, "source": DIRTY}
        added = {f"cleaner_{name}": values[name] for name in names}
        source = json.dumps({"text": DIRTY, "n": 1}).encode() + b'\n\n{"text": null}\nbroken\n'
        (tmp_path / "a.jsonl").write_bytes(source)
        call("clean", "a.jsonl", "-o", "b.jsonl", "--ledger", "ledger", *options)
        rows = (tmp_path / "b.jsonl").read_bytes().split(b"\n")
        assert json.loads(rows[0]) == {"text": CLEAN, "n": 1, **added}
        assert rows[1:] == [b"", b'{"text": null}', b"broken", b""]
        assert call("undo", "b.jsonl", "--ledger", "ledger").stdout_bytes == source

        table_ = f'n,text\n1,"{DIRTY}"\n\nbroken\na,b,c,d,e,f,g\n2,fine'.encode()
        (tmp_path / "a.csv").write_bytes(table_)
        call("clean", "a.csv", "-o", "b.csv", "--ledger", "ledger", *options)
        with (tmp_path / "b.csv").open(newline="", encoding="utf-8") as stream:
            first, *_ = list(csv.DictReader(stream))
        assert first == {"n": "1", "text": CLEAN, **{name: str(value) for name, value in added.items()}}
        assert call("undo", "b.csv", "--ledger", "ledger").stdout_bytes == table_
        refused(call("clean", "b.csv", "--add", "changes"), "has a field cleaner_changes already")


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.csv.xz", "a.txt.xz", "a.jsonl.zst", "a.txt.zst"])
def test_packed_files(call: Call, tmp_path: Path, name: str) -> None:
    source = {"jsonl": b'{"text": "teh"}\n', "csv": b"text\nteh\n", "txt": b"teh\n"}[name.split(".")[1]]
    if name.endswith(".zst"):
        zstandard = pytest.importorskip("zstandard")
        pack, unpack = zstandard.compress, lambda data: zstandard.ZstdDecompressor().stream_reader(data).read()
    else:
        pack, unpack = (gzip.compress, gzip.decompress) if name.endswith(".gz") else (lzma.compress, lzma.decompress)
    (tmp_path / name).write_bytes(pack(source))
    assert call("clean", name, "--in-place", "--ledger", "ledger").exit_code == 0
    assert unpack((tmp_path / name).read_bytes()) == source.replace(b"teh", b"the")
    assert call("undo", name, "--ledger", "ledger").stdout_bytes == source
    whole = pack(source * 1000)
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    refused(call("clean", name, "--in-place"), f"{name}: not a whole ")
    assert (tmp_path / name).read_bytes() == whole[: len(whole) // 2]


def test_what_a_file_holds() -> None:
    assert format_of("a.JSONL.gz", b"") == "jsonl"
    assert format_of("a.tsv", b"") == "csv"
    assert format_of("-", b'\xef\xbb\xbf{"text": 1}\n') == "jsonl"
    assert format_of("-", b"{teh end}\n") == "text"
    assert format_of("a.txt", b'{"text": "x"}\n{') == "jsonl"
    assert format_of("a", b'{"text": "x') == "text"


def test_standard_input_by_format_and_by_its_beginning(call: Call) -> None:
    assert call("clean", stdin=b'{"body": "teh end"}\n').stdout_bytes == b'{"body": "the end"}\n'
    assert call("clean", stdin=b"{teh end}\n").stdout_bytes == b"{the end}\n"
    assert call("clean", "--format", "text", stdin=b'{"a": "teh"}\n').stdout_bytes == b'{"a": "the"}\n'
    assert call("clean", "--format", "csv", stdin=b"text;n\nteh;1\n").stdout_bytes == b"text;n\nthe;1\n"
    assert call("clean", "--format", "xls", stdin=b"").exit_code == 2


def test_in_place(call: Call, tmp_path: Path) -> None:
    dirty, clean = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    dirty.write_bytes(b'{"text": "teh"}\n' * 300)
    clean.write_bytes(b'{"text": "the"}\n' * 300)
    before = clean.stat()
    result = call("clean", "--in-place=.old", "a.jsonl", "b.jsonl")
    assert result.exit_code == 0
    assert dirty.read_bytes() == clean.read_bytes()
    assert (tmp_path / "a.jsonl.old").read_bytes() == b'{"text": "teh"}\n' * 300
    assert (before.st_ino, before.st_mtime_ns) == (clean.stat().st_ino, clean.stat().st_mtime_ns)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "a.jsonl.old", "b.jsonl"]


def test_check_and_diff(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "teh"}\n{"text": "the"}\n')
    result = call("clean", "--check", "a.jsonl")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "a.jsonl: would change (1 of 2 records; 1 change: 1 typos)" in result.stderr
    result = call("clean", "--diff", "a.jsonl")
    assert result.stdout.startswith("--- a.jsonl#1\n+++ a.jsonl#1 (cleaned)\n")
    assert (tmp_path / "a.jsonl").read_bytes().startswith(b'{"text": "teh"}')


def test_a_record_that_a_stage_cannot_bear_is_kept(call: Call, tmp_path: Path) -> None:
    source = b'{"text": "teh"}\n{"text": "crash SPAM"}\n{"text": "teh"}\n'
    (tmp_path / "a.jsonl").write_bytes(source)
    refused(call("clean", "a.jsonl", "--in-place", "--ledger", "ledger"), "a.jsonl:2: internal error, please report it")
    assert (tmp_path / "a.jsonl").read_bytes() == source.replace(b"teh", b"the")
    assert call("undo", "a.jsonl", "--ledger", "ledger").stdout_bytes == source


def test_records_and_texts_of_a_folder_in_one_ledger(call: Call, tmp_path: Path) -> None:
    files = {"a.txt": b"teh", "b.jsonl": b'{"text": "teh"}\n', "c.txt": b"teh c", "d.csv": b"text\nteh\n"}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    assert call("clean", ".", "--in-place", "--ledger", "ledger").exit_code == 0
    rows = [json.loads(row) for row in (tmp_path / "ledger").read_bytes().splitlines()]
    assert [row["doc"] for row in rows if row["type"] == "document"] == ["a.txt", "b.jsonl#1", "c.txt", "d.csv#2"]
    for name, data in files.items():
        assert call("undo", name, "--ledger", "ledger").stdout_bytes == data


class TestLongTexts:
    """Texts that are too long to be one document are cut between paragraphs."""

    @pytest.mark.parametrize(
        ("ending", "encoding"), [("\n", "utf-8"), ("\r\n", "utf-8-sig"), ("\r\n", "cp1252"), ("\n", "utf-16")]
    )
    def test_they_come_out_as_a_whole_and_come_back(
        self, call: Call, tmp_path: Path, ending: str, encoding: str
    ) -> None:
        paragraph = "Caf\u00e9 owners saw the pier. " * 40 + "teh end." + ending * 2
        source = (paragraph * 2500).encode(encoding)
        (tmp_path / "a.txt").write_bytes(source)
        result = call("clean", "a.txt", "--in-place", "--ledger", "ledger")
        assert result.exit_code == 0, result.stderr
        assert result.stderr.startswith("cleaner: 1 document: " if encoding == "utf-16" else "cleaner: 5 documents: ")
        written = encoding if encoding == "utf-8-sig" else "utf-8"
        assert (tmp_path / "a.txt").read_bytes() == (paragraph * 2500).replace("teh", "the").encode(written)
        assert call("undo", "a.txt", "--ledger", "ledger", "-o", "b.txt").exit_code == 0
        assert (tmp_path / "b.txt").read_bytes() == source

    def test_one_line_is_cut_between_words_and_one_word_between_letters(self) -> None:
        for text in ("caf\u00e9 " * 600_000, "\u00e9" * 2_000_000):
            records = read("text", text.encode())
            assert len(records) > 3
            assert "".join(record.raw.decode() for record in records) == text

    def test_what_is_no_text_is_refused_as_a_whole(self, call: Call, tmp_path: Path) -> None:
        text = b"The end of it.\n\n" * 200_000
        for data in (b"%PDF-1.7\n" + text, text + b"\0\1\2\3" * 50_000):
            (tmp_path / "a.txt").write_bytes(data)
            refused(call("clean", "a.txt", "--in-place"), "a.txt: this is ", "cleaner: ", " 1 failed")
            assert (tmp_path / "a.txt").read_bytes() == data


class TestUndo:
    @pytest.fixture
    def cleaned(self, call: Call, tmp_path: Path) -> Path:
        path = tmp_path / "a.jsonl"
        path.write_bytes(b'{"text": "teh"}\n' * 3)
        call("clean", "a.jsonl", "--in-place", "--ledger", "ledger")
        return path

    def test_a_file_that_was_moved_or_comes_through_a_pipe(self, call: Call, cleaned: Path, tmp_path: Path) -> None:
        undone = call("undo", "-", "--ledger", "ledger", stdin=cleaned.read_bytes())
        assert undone.stdout_bytes == b'{"text": "teh"}\n' * 3
        cleaned.rename(tmp_path / "moved")
        assert call("undo", "moved", "--ledger", "ledger", "-o", "back").exit_code == 0
        assert (tmp_path / "back").read_bytes() == b'{"text": "teh"}\n' * 3

    def test_a_file_that_was_changed(self, call: Call, cleaned: Path) -> None:
        cleaned.write_bytes(cleaned.read_bytes() + b"\n")
        refused(call("undo", "a.jsonl", "--ledger", "ledger"), "a.jsonl: does not belong to this ledger")

    def test_a_damaged_ledger_writes_nothing(self, call: Call, cleaned: Path, tmp_path: Path) -> None:
        ledger = tmp_path / "ledger"
        ledger.write_bytes(ledger.read_bytes().replace(b'"before": "eh"', b'"before": "hm"', 1))
        refused(call("undo", "a.jsonl", "--ledger", "ledger", "-o", "back"), "a.jsonl#1: its records are damaged")
        assert not (tmp_path / "back").exists()

    def test_after_a_run_that_was_cut_off(self, call: Call, cleaned: Path, tmp_path: Path) -> None:
        """Rows of a file that was never finished are no part of the file that was."""
        rows = (tmp_path / "ledger").read_bytes().splitlines(keepends=True)
        cleaned.write_bytes(b'{"text": "teh"}\n' * 3)
        (tmp_path / "ledger").write_bytes(b"".join(rows[:3]))
        call("clean", "a.jsonl", "--in-place", "--ledger", "ledger")
        assert call("undo", "a.jsonl", "--ledger", "ledger").stdout_bytes == b'{"text": "teh"}\n' * 3
