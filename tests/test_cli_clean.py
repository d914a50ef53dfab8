"""`cleaner clean`: where text comes from and where it goes. The stages are small ones (see conftest)."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Call = Callable[..., Result]

DIRTY = b"Teh teh pier.\nBuy SPAM now\nThe end.\n"
CLEAN = b"Teh the pier.\nThe end.\n"


def put(path: Path, data: bytes = DIRTY) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


class TestFilter:
    def test_standard_input_to_standard_output(self, call: Call) -> None:
        result = call("clean", stdin=DIRTY)
        assert result.exit_code == 0
        assert result.stdout_bytes == CLEAN
        assert result.stderr == "cleaner: 1 document: 2 changes: 1 noise (keyword_spam 1), 1 typos\n"

    def test_a_dash_is_standard_input(self, call: Call) -> None:
        assert call("clean", "-", stdin=DIRTY).stdout_bytes == CLEAN

    def test_a_file_to_standard_output_is_the_text_alone(self, call: Call, tmp_path: Path) -> None:
        assert call("clean", put(tmp_path / "a.txt"), "-q").stdout_bytes == CLEAN

    def test_quiet_says_nothing(self, call: Call) -> None:
        assert call("clean", "--quiet", stdin=DIRTY).stderr == ""

    def test_several_texts_are_headed(self, call: Call, tmp_path: Path) -> None:
        put(tmp_path / "a.txt")
        put(tmp_path / "b.txt", b"The b.")
        assert call("clean", "a.txt", "b.txt").stdout_bytes == b"==> a.txt <==\n" + CLEAN + b"\n==> b.txt <==\nThe b."

    def test_clean_text_is_written_byte_for_byte(self, call: Call) -> None:
        for data in (b"One line.\n", b"No end", b"\xef\xbb\xbfMark\r\n", b"A\r\n\r\nB\r\n", b"\r\r", b"\xc3\xa9\n"):
            assert call("clean", stdin=data).stdout_bytes == data

    def test_another_encoding_becomes_utf_8(self, call: Call) -> None:
        assert call("clean", stdin="Caf\u00e9 teh\r\n".encode("cp1252")).stdout_bytes == "Caf\u00e9 the\r\n".encode()
        assert call("clean", stdin="Caf\u00e9 teh\n".encode("utf-16")).stdout_bytes == "Caf\u00e9 the\n".encode()


class TestOutput:
    def test_a_file(self, call: Call, tmp_path: Path) -> None:
        result = call("clean", put(tmp_path / "a.txt"), "-o", "new/out.txt")
        assert (result.exit_code, result.stdout) == (0, "")
        assert (tmp_path / "new/out.txt").read_bytes() == CLEAN

    def test_a_dash_is_standard_output(self, call: Call, tmp_path: Path) -> None:
        assert call("clean", put(tmp_path / "a.txt"), "-o", "-").stdout_bytes == CLEAN

    def test_a_folder_keeps_its_shape(self, call: Call, tmp_path: Path) -> None:
        for name in ("in/a.txt", "in/deep/er/b.md", "in/c.text", "in/d.TXT"):
            put(tmp_path / name)
        result = call("clean", "in", "-o", "out")
        assert result.exit_code == 0
        out = tmp_path / "out"
        written = {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()}
        assert written == dict.fromkeys(("a.txt", "deep/er/b.md", "c.text", "d.TXT"), CLEAN)
        assert (tmp_path / "in/a.txt").read_bytes() == DIRTY

    def test_a_slash_makes_it_a_folder(self, call: Call, tmp_path: Path) -> None:
        call("clean", put(tmp_path / "a.txt"), "-o", f"out{os.sep}")
        assert (tmp_path / "out/a.txt").read_bytes() == CLEAN

    def test_the_output_folder_is_not_read(self, call: Call, tmp_path: Path) -> None:
        put(tmp_path / "a.txt")
        for _ in range(2):
            assert "1 document:" in call("clean", ".", "-o", "out").stderr
        assert [p.name for p in (tmp_path / "out").rglob("*.txt")] == ["a.txt"]

    def test_what_is_no_text_file_is_passed_over_and_named(self, call: Call, tmp_path: Path) -> None:
        for name in ("in/a.txt", "in/b.png", "in/c.py", "in/d.json", "in/e.pdf", "in/.hidden.txt", "in/.git/f.txt"):
            put(tmp_path / name)
        result = call("clean", "in", "-o", "out")
        assert result.stderr.startswith(
            "cleaner: in: passed over what is not text, records or a page: b.png, c.py, d.json and 1 more\n"
            "cleaner: 1 document: "
        )
        assert result.exit_code == 0

    def test_a_file_that_is_named_may_have_an_unknown_ending(self, call: Call, tmp_path: Path) -> None:
        assert call("clean", put(tmp_path / "page.article"), "-q").stdout_bytes == CLEAN

    def test_a_document_that_is_named_twice_is_cleaned_once(self, call: Call, tmp_path: Path) -> None:
        put(tmp_path / "in/a.txt")
        assert "1 document:" in call("clean", "in", "in/a.txt", "-o", "out").stderr

    def test_gzip_is_read_and_written(self, call: Call, tmp_path: Path) -> None:
        put(tmp_path / "in/a.txt.gz", gzip.compress(DIRTY))
        call("clean", "in", "-o", "out")
        assert gzip.decompress((tmp_path / "out/a.txt.gz").read_bytes()) == CLEAN
        assert call("clean", "in/a.txt.gz", "-q").stdout_bytes == CLEAN
        call("clean", "in/a.txt.gz", "--in-place=.old")
        assert gzip.decompress((tmp_path / "in/a.txt.gz").read_bytes()) == CLEAN
        assert gzip.decompress((tmp_path / "in/a.txt.gz.old").read_bytes()) == DIRTY


class TestInPlace:
    def test_the_file_is_replaced(self, call: Call, tmp_path: Path) -> None:
        path = put(tmp_path / "a.txt")
        path.chmod(0o640)
        result = call("clean", "--in-place", path)
        assert (result.exit_code, result.stdout) == (0, "")
        assert path.read_bytes() == CLEAN
        assert path.stat().st_mode & 0o777 == 0o640
        assert os.listdir(tmp_path) == ["a.txt"]

    def test_a_suffix_keeps_the_old_file(self, call: Call, tmp_path: Path) -> None:
        path = put(tmp_path / "a.txt")
        call("clean", path, "--in-place=.orig")
        assert path.read_bytes() == CLEAN
        assert (tmp_path / "a.txt.orig").read_bytes() == DIRTY

    def test_a_clean_file_is_not_touched(self, call: Call, tmp_path: Path) -> None:
        path = put(tmp_path / "a.txt", CLEAN)
        before = path.stat()
        call("clean", path, "--in-place=.orig")
        after = path.stat()
        assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
        assert os.listdir(tmp_path) == ["a.txt"]

    def test_a_link_stays_a_link(self, call: Call, tmp_path: Path) -> None:
        path = put(tmp_path / "real/a.txt")
        link = tmp_path / "link.txt"
        link.symlink_to(path)
        call("clean", link, "--in-place")
        assert link.is_symlink()
        assert path.read_bytes() == CLEAN

    def test_twice_is_once(self, call: Call, tmp_path: Path) -> None:
        path = put(tmp_path / "a.txt", DIRTY.replace(b"\n", b"\r\n"))
        call("clean", path, "--in-place")
        once = path.read_bytes()
        assert "nothing to change" in call("clean", path, "--in-place").stderr
        assert path.read_bytes() == once

    def test_a_file_called_like_the_option(self, call: Call, tmp_path: Path) -> None:
        put(tmp_path / "--in-place")
        assert call("clean", "-q", "--", "--in-place").stdout_bytes == CLEAN

    def test_the_ledger_goes_on(self, call: Call, tmp_path: Path) -> None:
        for name in ("a.txt", "b.txt"):
            put(tmp_path / name, DIRTY + name.encode())
            call("clean", name, "--in-place", "--ledger", "ledger")
            call("clean", name, "--in-place", "--ledger", "ledger")
        for name in ("a.txt", "b.txt"):
            assert call("undo", name, "--ledger", "ledger").stdout_bytes == DIRTY + name.encode()


class TestCheckAndDiff:
    def test_check_finds_and_writes_nothing(self, call: Call, tmp_path: Path) -> None:
        dirty, clean = put(tmp_path / "a.txt"), put(tmp_path / "b.txt", CLEAN)
        result = call("clean", "--check", "a.txt", "b.txt")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "a.txt: would change (2 changes" in result.stderr
        assert "b.txt" not in result.stderr
        assert dirty.read_bytes() == DIRTY
        assert call("clean", "--check", clean).exit_code == 0

    def test_check_finds_another_encoding(self, call: Call) -> None:
        result = call("clean", "--check", stdin="Caf\u00e9\n".encode("cp1252"))
        assert result.exit_code == 1
        assert "-: would change (windows-1252 becomes UTF-8)" in result.stderr

    def test_diff(self, call: Call, tmp_path: Path) -> None:
        path = put(tmp_path / "a.txt")
        result = call("clean", "--diff", "a.txt")
        assert result.exit_code == 0
        assert result.stdout == (
            "--- a.txt\n+++ a.txt (cleaned)\n@@ -1,3 +1,2 @@\n"
            "-Teh teh pier.\n-Buy SPAM now\n+Teh the pier.\n The end.\n"
        )
        assert path.read_bytes() == DIRTY
        assert call("clean", "--diff", "--check", "a.txt").exit_code == 1


class TestSettings:
    def test_only_and_skip(self, call: Call) -> None:
        assert call("clean", "--only", "typos", "-q", stdin=DIRTY).stdout_bytes == DIRTY.replace(b"teh", b"the")
        assert call("clean", "--skip", "typos", "-q", stdin=DIRTY).stdout_bytes == CLEAN.replace(b"the", b"teh")
        assert call("clean", "--only", "typos", "--only", "noise", "-q", stdin=DIRTY).stdout_bytes == CLEAN

    def test_the_nearest_configuration(self, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        put(tmp_path / "pyproject.toml", b'[tool.cleaner]\nstages = ["typos"]\n')
        (tmp_path / "deep/er").mkdir(parents=True)
        put(tmp_path / "deep/pyproject.toml", b"[project]\n")
        monkeypatch.chdir(tmp_path / "deep/er")
        assert call("clean", "-q", stdin=DIRTY).stdout_bytes == DIRTY.replace(b"teh", b"the")
        put(tmp_path / "deep/cleaner.toml", b'stages = ["noise"]\n')
        assert call("clean", "-q", stdin=DIRTY).stdout_bytes == CLEAN.replace(b"the", b"teh")
        assert call("clean", "-q", "--config", tmp_path / "pyproject.toml", stdin=DIRTY).stdout_bytes == DIRTY.replace(
            b"teh", b"the"
        )

    def test_the_call_wins_over_the_file(self, call: Call, tmp_path: Path) -> None:
        put(tmp_path / "cleaner.toml", b'max_removed = 0.1\n[noise]\nremove = ["off_topic"]\n')
        assert b"SPAM" in call("clean", stdin=DIRTY).stdout_bytes
        assert call("clean", "--max-removed", "0.9", "--keep", "off_topic", "-q", stdin=DIRTY).stdout_bytes == CLEAN

    def test_a_text_that_would_lose_too_much_is_left_and_reported(self, call: Call) -> None:
        result = call("clean", "--max-removed", "0.2", stdin=DIRTY)
        assert result.stdout_bytes == DIRTY
        assert "cleaner: -: left as it is: 38% of its words would be removed, the limit is 20%" in result.stderr

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--only", "nois"], "Invalid value for '--only': unknown value 'nois'; did you mean 'noise'?"),
            (["--skip", "xyzzy"], "Invalid value for '--skip': unknown value 'xyzzy'; use one of repair, typos, noise"),
            (["--remove", "of_topic"], "unknown label 'of_topic'; did you mean 'off_topic'?"),
            (["--keep", "advert", "--remove", "advert"], "--remove and --keep both name advert"),
            (["--budget", "0"], "noise.budget is 0; it must be above 0"),
            (["--budget", "lots"], "Invalid value for '--budget': 'lots' is not a valid float."),
            (["--max-removed", "2"], "max_removed is 2; it must be a share between 0 and 1"),
            (["--config", "nowhere.toml"], "nowhere.toml: No such file or directory"),
            (["--chek"], "No such option"),  # the rest is worded by click
            (["--in-place"], "--in-place needs files; standard input has no place"),
            (["--in-place=a/b", "x"], "--in-place: the suffix 'a/b' must be no path"),
            (["-o", "a", "--in-place", "x"], "--output and --in-place contradict each other"),
            (["--check", "--in-place", "x"], "--in-place and --check contradict each other"),
            (["--diff", "-o", "x"], "--output and --diff contradict each other"),
            (["--ledger", "-"], "--ledger: give a file; standard output is for the text"),
            (["-", "-o", "out/"], "--output: standard input has no name to go by in a folder"),
        ],
    )
    def test_what_cannot_be_understood_is_one_line_and_2(self, call: Call, arguments: list[str], message: str) -> None:
        result = call("clean", *arguments, stdin=DIRTY)
        assert result.exit_code == 2
        assert result.stderr.startswith(f"cleaner: {message}")
        assert result.stderr.count("\n") == 1
        assert result.stdout == ""

    @pytest.mark.parametrize(
        ("toml", "message"),
        [
            (b"stages = [", "cleaner.toml: not valid TOML"),
            (b"\xff", "cleaner.toml: not valid TOML"),
            (b"stage = []", "cleaner.toml: unknown key 'stage'; did you mean 'stages'?"),
            (b"[noise]\nbudgets = 1", "cleaner.toml: unknown key 'noise.budgets'; did you mean 'noise.budget'?"),
            (b"max_removed = 'x'", "cleaner.toml: 'max_removed' must be a float, not 'x'"),
        ],
    )
    def test_a_broken_configuration(self, call: Call, tmp_path: Path, toml: bytes, message: str) -> None:
        put(tmp_path / "cleaner.toml", toml)
        result = call("clean", stdin=DIRTY)
        assert result.exit_code == 2
        assert message in result.stderr
        assert result.stderr.count("\n") == 1


class TestFailures:
    def test_one_bad_file_does_not_stop_the_others(self, call: Call, tmp_path: Path) -> None:
        put(tmp_path / "a.txt")
        put(tmp_path / "b.txt", b"\x00\x01\x02")
        put(tmp_path / "c.txt", b"this will crash SPAM\n")
        put(tmp_path / "d.txt.gz", b"no gzip")
        put(tmp_path / "e.txt", b"")
        put(tmp_path / "f.txt")
        result = call("clean", "a.txt", "missing.txt", "b.txt", "c.txt", "d.txt.gz", "e.txt", "f.txt", "-o", "out")
        assert result.exit_code == 123
        assert result.stderr.splitlines()[:-1] == [
            "cleaner: missing.txt: no such file or directory",
            "cleaner: b.txt: this is no text: it holds 1 NUL byte",
            "cleaner: c.txt: internal error, please report it: "
            "RuntimeError: a stage that has met what it cannot bear",
            "cleaner: d.txt.gz: not a whole gzip file (Not a gzipped file (b'no'))",
            "cleaner: e.txt: is empty, there is nothing to clean",
            "cleaner: 3 documents, 4 failed: 4 changes: 2 noise (keyword_spam 2), 2 typos",
        ]
        assert sorted(os.listdir(tmp_path / "out")) == ["a.txt", "e.txt", "f.txt"]
        assert (tmp_path / "out/f.txt").read_bytes() == CLEAN

    def test_an_empty_file_is_no_failure(self, call: Call, tmp_path: Path) -> None:
        result = call("clean", put(tmp_path / "a.txt", b""))
        assert (result.exit_code, result.stdout) == (0, "")

    def test_nothing_but_failures(self, call: Call) -> None:
        result = call("clean", "missing.txt")
        assert (result.exit_code, result.stdout) == (123, "")
        assert result.stderr.splitlines()[-1] == "cleaner: 0 documents, 1 failed"

    def test_a_folder_without_text(self, call: Call, tmp_path: Path) -> None:
        (tmp_path / "in").mkdir()
        result = call("clean", "in", "-o", "out")
        assert result.exit_code == 0
        assert "cleaner: in: nothing to clean in this folder" in result.stderr

    def test_a_folder_that_cannot_be_read(self, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        put(tmp_path / "in/a.txt")
        put(tmp_path / "in/locked/b.txt")
        scan = os.scandir

        def guarded(path: os.PathLike[str]) -> object:  # permissions mean nothing to root, who may be running the tests
            if os.fspath(path).endswith("locked"):
                raise PermissionError(13, "Permission denied", os.fspath(path))
            return scan(path)

        monkeypatch.setattr(os, "scandir", guarded)
        result = call("clean", "in", "-o", "out")
        assert result.exit_code == 123
        assert "cleaner: in/locked: the folder cannot be read: permission denied\n" in result.stderr
        assert (tmp_path / "out/a.txt").read_bytes() == CLEAN

    def test_a_target_that_cannot_be_written(self, call: Call, tmp_path: Path) -> None:
        put(tmp_path / "in/a.txt")
        put(tmp_path / "in/b.txt")
        (tmp_path / "out/a.txt").mkdir(parents=True)
        result = call("clean", "in", "-o", "out")
        assert result.exit_code == 123
        assert "in/a.txt: cannot be written: is a directory" in result.stderr
        assert (tmp_path / "out/b.txt").read_bytes() == CLEAN

    @pytest.mark.parametrize(
        "args",
        [("in", "-o", "in"), ("in/a.txt", "-o", "in"), ("in/a.txt", "-o", "x/../in/a.txt"), ("in", "-o", "link")],
    )
    def test_an_original_is_never_overwritten_unasked(self, call: Call, tmp_path: Path, args: tuple[str, ...]) -> None:
        put(tmp_path / "in/a.txt")
        (tmp_path / "x").mkdir()
        (tmp_path / "link").symlink_to("in")
        result = call("clean", *args)
        assert result.exit_code == 2
        assert "would be overwritten; give another place, or say --in-place" in result.stderr
        assert (tmp_path / "in/a.txt").read_bytes() == DIRTY

    def test_two_documents_for_one_target(self, call: Call, tmp_path: Path) -> None:
        put(tmp_path / "x/a.txt")
        put(tmp_path / "y/a.txt")
        result = call("clean", "x", "y", "-o", "out")
        assert result.exit_code == 2
        assert "x/a.txt and y/a.txt would both be written to out/a.txt" in result.stderr

    def test_several_documents_do_not_fit_in_a_file(self, call: Call, tmp_path: Path) -> None:
        put(tmp_path / "a.txt")
        put(tmp_path / "b.txt", CLEAN)
        assert call("clean", "a.txt", "a.txt", "-o", "b.txt").exit_code == 2
        assert (tmp_path / "b.txt").read_bytes() == CLEAN

    @pytest.mark.parametrize("arguments", [("a.txt", "--in-place"), ("a.txt", "-o", "b.txt"), ("a.txt",)])
    def test_a_ledger_takes_no_document_s_place(self, call: Call, tmp_path: Path, arguments: list[str]) -> None:
        put(tmp_path / "a.txt")
        for ledger in {"a.txt", arguments[-1]} - {"--in-place"}:
            result = call("clean", *arguments, "--ledger", ledger)
            assert result.exit_code == 2
            assert f"--ledger: {ledger} is also a document of this call" in result.stderr
        assert (tmp_path / "a.txt").read_bytes() == DIRTY

    def test_a_ledger_that_cannot_be_written(self, call: Call, tmp_path: Path) -> None:
        path = put(tmp_path / "a.txt")
        result = call("clean", path, "--in-place", "--ledger", "no/such/folder/ledger")
        assert result.exit_code == 123
        assert "no/such/folder/ledger: the ledger cannot be written: no such file" in result.stderr
        assert path.read_bytes() == DIRTY


def test_the_ledger_of_a_folder(call: Call, tmp_path: Path) -> None:
    put(tmp_path / "in/a.txt")
    put(tmp_path / "in/b.txt", CLEAN)
    call("clean", "in", "-o", "out", "--ledger", "ledger")
    rows = [json.loads(row) for row in (tmp_path / "ledger").read_text().splitlines()]
    assert [(row["type"], row["doc"]) for row in rows] == [
        ("document", "in/a.txt"),
        ("change", "in/a.txt"),
        ("change", "in/a.txt"),
        ("document", "in/b.txt"),
    ]
    first = (tmp_path / "ledger").read_bytes()
    call("clean", "in", "-o", "out", "--ledger", "ledger")
    assert (tmp_path / "ledger").read_bytes() == first
