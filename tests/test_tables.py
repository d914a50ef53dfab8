"""JSON Lines and CSV: only the text of one field changes, and every byte of the source can be had back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records import Call, read, refused, texts

from cleaner.errors import CleanerError
from cleaner.formats import table


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
