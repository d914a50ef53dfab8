"""Files of records: only the text of one field changes, and every byte of the source can be had back."""

from __future__ import annotations

import csv
import gzip
import io
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.errors import CleanerError
from cleaner.formats import Record, format_of, table

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


@pytest.fixture
def round_trip(call: Call, tmp_path: Path) -> Callable[..., bytes]:
    """Clean a file with a ledger, undo it, hold that the source is back; gives what cleaning gave."""

    def run(name: str, source: bytes, *options: str, code: int = 0) -> bytes:
        (tmp_path / name).write_bytes(source)
        for again in ("ledger", "other"):  # the same ledger twice
            result = call("clean", name, "-o", f"out/{name}", "--ledger", again, *options)
            assert result.exit_code == code, result.stderr
        assert (tmp_path / "ledger").read_bytes() == (tmp_path / "other").read_bytes()
        undone = call("undo", f"out/{name}", "--ledger", "ledger")
        assert undone.exit_code == 0, undone.stderr
        assert undone.stdout_bytes == source
        return (tmp_path / "out" / name).read_bytes()

    return run


class TestJsonLines:
    def test_only_the_value_changes(self, round_trip: Callable[..., bytes]) -> None:
        source = (
            b'{"id": 1.50, "body":  "Teh teh pier.\\nSPAM", "x": [NaN, -0, 1e400], "\\u0069d": 2}\n'
            b"\n"
            b'  {"body" : "fine" , "n" : {"body": "teh"}}  \r\n'
            b'{"body": null}\n'
            b'{"b": "", "body": "caf\\u00e9 teh \\/ \\ud83d\\ude00"}\n'
            b'{"body": "teh first", "body": "and teh last"}'
        )
        assert round_trip("a.jsonl", source, "--field", "body") == (
            b'{"id": 1.50, "body":  "Teh the pier.", "x": [NaN, -0, 1e400], "\\u0069d": 2}\n'
            b"\n"
            b'  {"body" : "fine" , "n" : {"body": "teh"}}  \r\n'
            b'{"body": null}\n'
            b'{"b": "", "body": "caf\\u00e9 the \\/ \\ud83d\\ude00"}\n'
            b'{"body": "teh first", "body": "and the last"}'
        )

    @pytest.mark.parametrize(
        "literal",
        [r'"teh\u0020end"', r'"teh \b\f\t\u0001"', '"teh \u2028 caf\u00e9"', r'"teh \ud800 half"', r'"teh \\u00e9 \\/"',
         r'"teh \u00E9"', '"teh\ttab"', r'"teh \"x\" &amp; \u2026"', r'"\ud83d\ude00 teh"'],
    )  # fmt: skip
    def test_any_spelling_comes_back(self, round_trip: Callable[..., bytes], literal: str) -> None:
        cleaned = round_trip("a.jsonl", f'{{"text":{literal},"k":1}}\r\n'.encode())
        row = json.loads(cleaned, strict=False)
        assert row["text"] == json.loads(literal, strict=False).replace("teh", "the").replace("&amp;", "&")
        assert cleaned.endswith(b',"k":1}\r\n')

    def test_a_byte_order_mark_and_the_default_field(self, round_trip: Callable[..., bytes]) -> None:
        source = b'\xef\xbb\xbf{"title": "teh", "content": "teh"}\n'
        assert round_trip("a.jsonl", source) == b'\xef\xbb\xbf{"title": "teh", "content": "the"}\n'

    def test_nested_fields(self) -> None:
        line = b'{"a": {"b.c": {"d": "1"}, "list": [{"t": "0"}, [2], {"t": "3"}]}, "a.x": "4", "n": null}'
        for field, value in {"a.b.c.d": "1", "a.list.2.t": "3", "a.x": "4"}.items():
            assert texts("jsonl", line, field) == [value]
        assert texts("jsonl", line, "n.deep") == []
        with pytest.raises(CleanerError, match=r"no field 'a\.b\.c\.e'"):
            read("jsonl", line, "a.b.c.e")

    def test_what_is_broken_is_named_and_kept(self, call: Call, tmp_path: Path) -> None:
        rows = [
            b'{"text": "teh"}', b'{"text": "teh"', b"[1]", b'{"text": 5}', b'{"id": 1}', b'{"text": "caf\xe9"}',
            b'{"text": "teh"} x', b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b', "text": "teh"}',
            b'{"text": "teh", }', b"nothing", b'{"text": tru}', b'{"text": "last teh"}',
        ]  # fmt: skip
        source = b"\n".join(rows) + b"\n"
        (tmp_path / "a.jsonl").write_bytes(source)
        result = call("clean", "a.jsonl", "-o", "out.jsonl", "--ledger", "ledger")
        refused(
            result,
            "a.jsonl:2: not JSON: the line ends too early at column 16\n",
            "a.jsonl:3: an array, not an object\n",
            "a.jsonl:4: the field 'text' is a number, not a text\n",
            "a.jsonl:5: no field 'text' (fields: id)\n",
            "a.jsonl:6: not UTF-8 (byte 0xe9 at byte 14); convert the file\n",
            "a.jsonl:7: not JSON: something stands behind the object, at column 16\n",
            "a.jsonl:8: nested too deep\n",
            "a.jsonl:9: not JSON: a name in quotes is missing at column 17\n",
            "a.jsonl:10: not JSON: ",
            "a.jsonl:11: not JSON: a value is missing at column 10\n",
            "2 documents, 10 rejected",
        )
        expected = source.replace(b'{"text": "teh"}\n', b'{"text": "the"}\n').replace(b"last teh", b"last the")
        assert (tmp_path / "out.jsonl").read_bytes() == expected
        assert call("undo", "out.jsonl", "--ledger", "ledger").stdout_bytes == source

    def test_rejects_are_put_aside_and_come_back(self, call: Call, tmp_path: Path) -> None:
        source = b'broken \xff one\n{"text": "teh"}\nbroken two\nbroken three\n{"text": "fine"}\nbroken four'
        (tmp_path / "a.jsonl").write_bytes(source)
        result = call("clean", "a.jsonl", "--in-place", "--ledger", "ledger", "--rejects", "bad")
        refused(result, "a.jsonl:6: not JSON", "2 documents, 4 rejected")
        assert (tmp_path / "a.jsonl").read_bytes() == b'{"text": "the"}\n{"text": "fine"}\n'
        assert (tmp_path / "bad").read_bytes() == b"broken \xff one\nbroken two\nbroken three\nbroken four\n"
        assert call("undo", "a.jsonl", "--ledger", "ledger").stdout_bytes == source
        (tmp_path / "a.jsonl").write_bytes(b'broken five\n{"text": "the"}\n')
        call("clean", "a.jsonl", "--in-place", "--rejects", "bad")
        assert (tmp_path / "bad").read_bytes().endswith(b"broken four\nbroken five\n")

    def test_a_wrong_field_names_the_right_ones_and_writes_nothing(self, call: Call, tmp_path: Path) -> None:
        (tmp_path / "a.jsonl").write_bytes(b'{"body": "teh", "id": 1}\n' * 200)
        for options in (["--field", "bodi"], ["--field", "bodi", "--workers", "2"]):
            result = call("clean", "a.jsonl", "-o", "out.jsonl", *options)
            refused(result, "a.jsonl: no field 'bodi'; did you mean 'body'? (fields: body, id)")
            assert not (tmp_path / "out.jsonl").exists()
        (tmp_path / "b.jsonl").write_bytes(b'{"id": 1, "name": "teh"}\n')
        refused(call("clean", "b.jsonl"), "b.jsonl: none of its fields is called text, body, content or the like;")

    def test_many_broken_records_are_counted(self, call: Call) -> None:
        result = call("clean", "--format", "jsonl", stdin=b'{"text": "teh"}\n' + b"x\n" * 50)
        assert result.stderr.count("-:") == 21
        assert "cleaner: -: 50 broken records in all\n" in result.stderr
        assert result.stdout_bytes == b'{"text": "the"}\n' + b"x\n" * 50

    def test_other_files_that_are_no_json_lines(self, call: Call, tmp_path: Path) -> None:
        for data, message in {
            b'[\n {"text": "teh"}\n]\n': "one JSON array; make lines of it first",
            '{"text": "teh"}\n'.encode("utf-16"): "records must be in UTF-8, and this is UTF-16 or UTF-32",
        }.items():
            (tmp_path / "a.jsonl").write_bytes(data)
            refused(call("clean", "a.jsonl", "--in-place"), message)
            assert (tmp_path / "a.jsonl").read_bytes() == data
        (tmp_path / "a.json").write_bytes(b"[]")
        refused(call("clean", "a.json"), "a .json file is neither text nor records")

    def test_empty_files(self, call: Call, tmp_path: Path) -> None:
        for name in ("a.jsonl", "a.csv", "a.tsv"):
            (tmp_path / name).write_bytes(b"")
            assert call("clean", name, "-o", f"out/{name}").exit_code == 0
            assert (tmp_path / "out" / name).read_bytes() == b""


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=200)
@given(st.dictionaries(st.text(max_size=3), VALUES, max_size=4), st.text(), st.booleans(), st.sampled_from([None, 1]))
def test_any_object_is_read_as_json_reads_it(
    others: dict[str, object], text: str, ascii_: bool, indent: int | None
) -> None:
    line = json.dumps({**others, "text": text}, ensure_ascii=ascii_, indent=indent).replace("\n", " ")
    line = line.encode("utf-8", "surrogatepass").decode("utf-8", "ignore")
    (record,) = read("jsonl", line.encode(), "text")
    assert record.cell is not None
    assert record.cell.text == json.loads(line)["text"]
    assert record.raw == line.encode()
    assert json.loads(record.with_text(record.cell.respelt('new \ud800\u00e9"\\/')))["text"] == 'new \ud800\u00e9"\\/'


class TestCsv:
    def test_only_the_column_changes(self, round_trip: Callable[..., bytes]) -> None:
        source = (
            b'\xef\xbb\xbfid,"text",note\r\n'
            b'1,teh end, "x" \r\n'
            b'"2","Teh teh pier.\r\nBuy SPAM now\r\nThe ""end"".","a,b"\r\n'
            b"\r\n"
            b"3,,\r\n"
            b'4,5" teh pipe,"x"y\r\n'
            b'5,"teh, ""quoted""",'
        )
        assert round_trip("a.csv", source) == (
            b'\xef\xbb\xbfid,"text",note\r\n'
            b'1,the end, "x" \r\n'
            b'"2","Teh the pier.\r\nThe ""end"".","a,b"\r\n'
            b"\r\n"
            b"3,,\r\n"
            b'4,5" the pipe,"x"y\r\n'
            b'5,"the, ""quoted""",'
        )

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_dialects(self, round_trip: Callable[..., bytes], delimiter: str) -> None:
        rows = [["id", "text", "a note"], ["1", f"teh {delimiter} end", "x"], ["2", "teh", 'y"']]
        source = "".join(delimiter.join(f'"{f}"' if delimiter in f else f for f in row) + "\n" for row in rows)
        name = "a.tsv" if delimiter == "\t" else "a.csv"
        assert round_trip(name, source.encode()) == source.replace("teh", "the").encode()

    def test_a_repair_that_needs_quotes_gets_them(self, round_trip: Callable[..., bytes]) -> None:
        assert round_trip("a.csv", b"text,n\na &amp; teh,1\n") == b"text,n\na & the,1\n"

    def test_what_is_broken_is_named_and_kept(self, round_trip: Callable[..., bytes], call: Call) -> None:
        source = b'text,n\nteh,1\nteh\nteh,1,2\nteh \xe9,1\n"teh,1\nteh,2\nteh,3\n'
        cleaned = round_trip("a.csv", source, code=123)
        assert cleaned == b'text,n\nthe,1\nteh\nteh,1,2\nteh \xe9,1\n"teh,1\nthe,2\nthe,3\n'
        refused(call("clean", "a.csv"), "a.csv:3: 1 field, and 2 names in the first line", "a.csv:4: 3 fields",
                "a.csv:5: not UTF-8 (byte 0xe9", "a.csv:6: a quotation mark is never closed")  # fmt: skip

    def test_rejects_come_back(self, call: Call, tmp_path: Path) -> None:
        source = b'n,text\r\n1\r\n2,"teh\r\nend"\r\n3\r\n4,teh\r\n5'
        (tmp_path / "a.csv").write_bytes(source)
        call("clean", "a.csv", "-o", "b.csv", "--rejects", "bad", "--ledger", "ledger")
        assert (tmp_path / "b.csv").read_bytes() == b'n,text\r\n2,"the\r\nend"\r\n4,the\r\n'
        assert call("undo", "b.csv", "--ledger", "ledger").stdout_bytes == source

    def test_a_wrong_column(self, call: Call, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_bytes(b"id;headline\n1;teh\n")
        refused(call("clean", "a.csv", "--field", "headlin"), "no field 'headlin'; did you mean 'headline'? (fields:")
        refused(call("clean", "a.csv", "--in-place"), "a.csv: none of its fields is called text")
        assert (tmp_path / "a.csv").read_bytes() == b"id;headline\n1;teh\n"

    def test_a_huge_field(self, round_trip: Callable[..., bytes]) -> None:
        source = b'text\n"' + b'a ""quoted"" line, and more\n' * 30_000 + b'teh"\nteh\n'
        assert round_trip("a.csv", source, "--only", "typos") == source.replace(b"teh", b"the")

    def test_stray_quotation_marks_take_time_in_proportion(self) -> None:
        data = b"text,n\n" + b'"x\n' * 100_001  # each opens what the next one closes, the last one opens for good
        assert sum(1 for _ in table("csv").records(io.BytesIO(data))) > 50_000


FIELDS = st.lists(st.text(st.sampled_from('ab ",;\n\u00e9'), max_size=6), min_size=2, max_size=2)


@settings(max_examples=200)
@given(st.lists(FIELDS, min_size=1, max_size=5), st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]), st.booleans())
def test_any_table_is_read_as_csv_reads_it(rows: list[list[str]], quoting: int, crlf: bool) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=quoting, lineterminator="\r\n" if crlf else "\n")
    rows = [[field.replace("\n", "\r\n" if crlf else "\n") for field in row] for row in rows]
    writer.writerow(["n", "text"])
    writer.writerows(rows)
    data = stream.getvalue().encode()
    found = read("csv", data)
    assert b"".join(record.raw for record in found) == data
    assert [record.cell.text for record in found if record.cell] == [row[1] for row in rows]
    again = b"".join(record.with_text(record.cell and record.cell.respelt('x,"\n')) for record in found).decode()
    assert [row[1] for row in list(csv.reader(io.StringIO(again, newline="")))[1:]] == ['x,"\n'] * len(rows)


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
