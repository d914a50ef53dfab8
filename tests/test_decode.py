"""Bytes to text and back: what each kind of bytes is read as, and that the bytes always come back."""

from __future__ import annotations

import codecs
import gzip
import sys
import zipfile
from io import BytesIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner.decode import REASONS, Decoded, decode, encode, line_endings
from cleaner.edits import Span, apply, check
from cleaner.errors import BinaryInputError

UTF_8 = "Le maire a déjà dit « non » – l’été, 4 €."
FRENCH = "Le maire a déjà dit non, l’été passé"


@pytest.fixture(autouse=True)
def no_detector(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests hold without the extra `detect`; `test_detect.py` has those that hold with it."""
    monkeypatch.setitem(sys.modules, "chardet", None)


def reread(data: bytes) -> Decoded:
    """What `decode` gives, after the bytes have come back from it."""
    decoded = decode(data)
    assert encode(decoded) == data
    return decoded


def test_text_is_its_own_decoding() -> None:
    for text in ("", "été\r\n", "\ufeffa", "half \ud83d of a pair", "\x00"):
        assert decode(text) == Decoded(text, "str", "given")


@pytest.mark.parametrize("wrong", [None, 3, ["a"]])
def test_neither_text_nor_bytes(wrong: object) -> None:
    with pytest.raises(TypeError, match="text or bytes"):
        decode(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "text", "encoding", "method", "bom"),
    [
        (b"", "", "utf-8", "utf-8", False),
        (UTF_8.encode(), UTF_8, "utf-8", "utf-8", False),
        (codecs.BOM_UTF8 + UTF_8.encode(), UTF_8, "utf-8", "bom", True),
        (codecs.BOM_UTF16_LE + UTF_8.encode("utf-16-le"), UTF_8, "utf-16-le", "bom", True),
        (codecs.BOM_UTF16_BE + UTF_8.encode("utf-16-be"), UTF_8, "utf-16-be", "bom", True),
        (codecs.BOM_UTF32_LE + UTF_8.encode("utf-32-le"), UTF_8, "utf-32-le", "bom", True),
        (codecs.BOM_UTF32_BE + UTF_8.encode("utf-32-be"), UTF_8, "utf-32-be", "bom", True),
        (UTF_8.encode("utf-16-le"), UTF_8, "utf-16-le", "utf-16", False),
        (UTF_8.encode("utf-32-be"), UTF_8, "utf-32-be", "utf-32", False),
        ("Мост закрыт.".encode("utf-16-be"), "Мост закрыт.", "utf-16-be", "utf-16", False),
        (
            "市长答应在年底以前开放新桥。".encode("utf-16-le"),
            "市长答应在年底以前开放新桥。",
            "utf-16-le",
            "utf-16",
            False,
        ),
        ("橋は閉まる".encode("iso2022_jp"), "橋は閉まる", "iso2022_jp", "iso-2022", False),
        (FRENCH.encode("cp1252"), FRENCH, "windows-1252", "default", False),
        ("un œuf à la cœur".encode("iso-8859-15"), "un œuf à la cœur", "iso-8859-15", "default", False),
    ],
)
def test_encodings(data: bytes, text: str, encoding: str, method: str, bom: bool) -> None:
    decoded = reread(data)
    assert (decoded.text, decoded.encoding, decoded.method, decoded.bom) == (text, encoding, method, bom)
    assert decoded.undecodable == ()
    assert decoded.warnings == ()


def test_undefined_bytes_of_windows_1252_are_controls() -> None:
    assert reread(b"caf\xe9 \x81\x8d\x8f\x90\x9d").text == "café \x81\x8d\x8f\x90\x9d"


def test_lines_of_two_encodings() -> None:
    decoded = reread("Où ?\n".encode() + FRENCH.encode("cp1252") + b"\nplain\n" + "Là.".encode())
    assert decoded.text == f"Où ?\n{FRENCH}\nplain\nLà."
    assert (decoded.encoding, decoded.method) == ("utf-8+windows-1252", "lines")
    assert decoded.legacy == (Span(5, 5 + len(FRENCH)),)


def test_ascii_lines_do_not_make_a_file_mixed() -> None:
    assert reread(b"plain\n" + FRENCH.encode("cp1252") + b"\nplain").encoding == "windows-1252"


def test_a_stray_byte_in_a_line_of_utf_8() -> None:
    decoded = reread("« déjà ".encode() + b"\xff" + " là »".encode())
    assert decoded.text == "« déjà \ufffd là »"
    assert decoded.encoding == "utf-8"
    assert decoded.undecodable == ((7, b"\xff"),)
    assert decoded.warnings == ("1 byte could not be decoded and became U+FFFD",)


def test_one_bad_byte_in_a_large_file_does_not_change_its_encoding() -> None:
    data = "Déjà vu, l’été.\n".encode() * 5000 + b"plain \xe9 plain\n" + b"plain\n" * 5000
    decoded = reread(data)
    assert decoded.encoding == "utf-8"
    assert decoded.text == data.decode("utf-8", "replace")


@pytest.mark.parametrize("kept", [1, 2, 3])
def test_a_truncated_tail(kept: int) -> None:
    decoded = reread("Déjà vu ".encode() + "😀".encode()[:kept])
    assert decoded.text == "Déjà vu \ufffd"
    assert decoded.undecodable == ((8, "😀".encode()[:kept]),)


def test_a_truncated_tail_in_ascii() -> None:
    assert reread(b"He said \xe2\x80").text == "He said \ufffd"
    assert reread(b"un caf\xe9").text == "un café"  # the end of a word, not of a sequence


def test_surrogates_of_three_bytes() -> None:
    decoded = reread("Très bien ".encode() + b"\xed\xa0\xbd\xed\xb8\x80" + " déjà vu".encode())
    assert decoded.text == "Très bien 😀 déjà vu"
    assert decoded.warnings == ()


def test_what_a_document_declares_is_believed() -> None:
    page = '<?xml version="1.0" encoding="windows-1251"?>\n<p>Мост закрыт</p>'
    assert reread(page.encode("cp1251")).text == page
    page = '<html><meta charset="Shift_JIS"><p>橋は、閉まる。</p>'
    assert reread(page.encode("shift_jis")).text == page
    wrong = b'<meta charset="big5"><p>caf\xe9</p>'
    assert reread(wrong).text == '<meta charset="big5"><p>café</p>'


def test_malformed_utf_16() -> None:
    decoded = reread(codecs.BOM_UTF16_LE + "déjà".encode("utf-16-le") + b"\x00\xd8" + " vu".encode("utf-16-le") + b"x")
    assert decoded.text == "déjà\ufffd vu\ufffd"


def zipped() -> bytes:
    with BytesIO() as buffer:
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(zipfile.ZipInfo("a.txt"), "text")
        return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (gzip.compress(b"text", mtime=0), "gzip"),
        (zipped(), "zip"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "PNG"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "JPEG"),
        (b"GIF89a\x01\x00", "GIF"),
        (b"\x7fELF\x02\x01\x01" + bytes(9), "program"),
        (bytes(64), "NUL"),
        (b"abc\x00\x01\x02\xff\xfe" * 20, "NUL"),
        (bytes(range(1, 32)) * 20 + b"\xff", "control"),
    ],
)
def test_what_is_no_text_is_refused_by_name(data: bytes, name: str) -> None:
    with pytest.raises(BinaryInputError, match=name):
        decode(data)


def test_a_little_dirt_is_no_reason_to_refuse() -> None:
    assert reread(b"plain words " * 50 + b"\x00").text.endswith("\x00")
    assert reread(b"caf\xe9 \x08").text == "café \x08"


PIECES = st.sampled_from(
    [
        *(b"\xe2\x80\x99", "é“".encode(), b"\xe9", b"\x92", b"abc ", b"\n", b"\r\n", b"\r", b"\xff", b"\xfe"),
        *(b"\xed\xa0\xbd\xed\xb2\xa9", b"\xef\xbb\xbf", "мост".encode("cp1251"), "新桥".encode("gb18030"), b"\xc0\x80"),
        *(b"\x81\x30\x81\x30", "新桥".encode("utf-16-le"), b"\x00", b"\x1b$B", b"\xf0\x9f\x98", b"\x00a", b"\x01"),
        b'<?xml encoding="big5"?>',
    ]
)
BYTES = st.one_of(st.binary(), st.lists(PIECES, max_size=12).map(b"".join))
MARKS = st.sampled_from(
    [b"", b"", b"", *(codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE)]
)


@settings(max_examples=2500, deadline=None)
@example(codecs.BOM_UTF16_LE, b"\x00\xd8")
@example(codecs.BOM_UTF32_LE, b"\xff\xff\xff\xff")
@given(MARKS, BYTES)
def test_the_bytes_always_come_back(mark: bytes, data: bytes) -> None:
    try:
        decoded = reread(mark + data)
    except BinaryInputError:
        return
    decoded.text.encode()  # no half of a surrogate pair
    assert list(decoded.undecodable) == sorted(decoded.undecodable)
    assert all(decoded.text[offset] for offset, _ in decoded.undecodable)


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00")))
def test_utf_8_is_read_as_it_is(text: str) -> None:
    if not text.startswith("\ufeff") and "\x1b$" not in text and not any(ord(char) < 32 for char in text):
        assert reread(text.encode()).text == text


# -------------------------------------------------------------------------------------------------------- line endings


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("a\r\nb", "a\nb"),
        ("a\rb", "a\nb"),
        ("a\r\r\nb", "a\nb"),
        ("a\r\r\r\nb", "a\n\nb"),
        ("a\n\rb", "a\n\nb"),
        ("\r\n" * 20, "\n" * 20),
        ("\r" * 20, "\n" * 20),
        ("a\x85b\u2028c", "a\x85b\u2028c"),
        ("plain\n", "plain\n"),
    ],
)
def test_line_endings(text: str, result: str) -> None:
    edits = line_endings(text)
    check(edits, len(text))
    assert apply(text, edits) == result
    assert {edit.rule for edit in edits} <= set(REASONS)


@given(st.text("a\r\n", max_size=60))
def test_no_carriage_return_is_left_and_edits_are_tight(text: str) -> None:
    edits = line_endings(text)
    assert "\r" not in apply(text, edits)
    for edit in edits:
        before = text[edit.start : edit.end]
        assert before[0] == before[-1] == "\r"
        assert set(edit.replacement) <= {"\n"}
