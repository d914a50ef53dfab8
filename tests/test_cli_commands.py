"""The commands beside `clean`: undo, explain, labels, models, completion, and the group itself."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import click
import pytest
from click.testing import Result
from conftest import PatternStage, cleaner_process

from cleaner.cli import COMMANDS, cli

Call = Callable[..., Result]

DIRTY = b"Teh teh pier.\r\nBuy SPAM now\r\nThe end, perhaps SPAM.\r\n"


def refused(result: Result, message: str, code: int = 123) -> None:
    assert result.exit_code == code
    assert result.stderr.startswith(f"cleaner: {message}"), result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


class TestUndo:
    @pytest.fixture
    def cleaned(self, call: Call, tmp_path: Path) -> Path:
        path = tmp_path / "a.txt"
        path.write_bytes(DIRTY)
        assert call("clean", "a.txt", "--in-place", "--ledger", "ledger").exit_code == 0
        assert path.read_bytes() != DIRTY
        return path

    def test_to_standard_output_and_to_a_file(self, call: Call, cleaned: Path, tmp_path: Path) -> None:
        assert call("undo", "a.txt", "--ledger", "ledger").stdout_bytes == DIRTY
        assert call("undo", "-", "--ledger", "ledger", stdin=cleaned.read_bytes()).stdout_bytes == DIRTY
        result = call("undo", "a.txt", "--ledger", "ledger", "-o", "a.txt")
        assert (result.exit_code, result.stdout, cleaned.read_bytes()) == (0, "", DIRTY)

    def test_a_file_that_was_moved(self, call: Call, cleaned: Path, tmp_path: Path) -> None:
        cleaned.rename(tmp_path / "moved.txt")
        assert call("undo", "moved.txt", "--ledger", "ledger").stdout_bytes == DIRTY

    def test_a_file_that_was_changed_is_refused(self, call: Call, cleaned: Path) -> None:
        cleaned.write_bytes(cleaned.read_bytes() + b"!")
        refused(call("undo", "a.txt", "--ledger", "ledger"), "a.txt: does not belong to this ledger: it was changed")

    def test_what_is_missing_or_broken(self, call: Call, cleaned: Path, tmp_path: Path) -> None:
        refused(call("undo", "b.txt", "--ledger", "ledger"), "b.txt: no such file or directory")
        refused(call("undo", ".", "--ledger", "ledger"), ". is a folder: name a folder for the originals", code=2)
        refused(call("undo", ".", "--ledger", "ledger", "-o", "x", "--doc", "y"), ". is a folder: --doc", code=2)
        refused(call("undo", ".", "--ledger", "ledger", "-o", "a.txt"), "a.txt: a file; the originals of a folder")
        refused(call("undo", "a.txt", "--ledger", "nowhere"), "nowhere: no such file or directory")
        refused(call("undo", "a.txt", "--ledger", "a.txt"), "a.txt:1: not a line of JSON")
        refused(call("undo", "a.txt"), "Missing option '--ledger'", code=2)
        refused(call("undo", "a.txt", "--ledger", "ledger", "-o", tmp_path), f"{tmp_path}: cannot be written: is a dir")

    def test_a_damaged_ledger(self, call: Call, cleaned: Path, tmp_path: Path) -> None:
        ledger = tmp_path / "ledger"
        ledger.write_bytes(ledger.read_bytes().replace(b"Buy SPAM", b"Buy HAMS"))
        refused(call("undo", "a.txt", "--ledger", "ledger"), "a.txt: its records are damaged")


class TestUndoOfAFolder:
    SOURCES: ClassVar[dict[str, bytes]] = {
        "a.txt": DIRTY,
        "b/a.txt": DIRTY.replace(b"teh", b"hte", 1),
        "b/c.jsonl": b'{"text": "We saw teh ferry."}\nno record\n{"text": "We saw the ferry.", "n": 2}\n',
        "latin.txt": "Caf\xe9 on teh quay\r\n".encode("cp1252"),
    }

    @pytest.fixture
    def cleaned(self, call: Call, tmp_path: Path) -> Path:
        for name, data in self.SOURCES.items():
            path = tmp_path / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        assert call("clean", "in", "-o", "out", "--ledger", "ledger").exit_code == 123  # for the broken record
        return tmp_path / "out"

    def given_back(self, folder: Path) -> dict[str, bytes]:
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def test_all_its_files_come_back(self, call: Call, cleaned: Path, tmp_path: Path) -> None:
        result = call("undo", "out", "--ledger", "ledger", "-o", "back")
        assert (result.exit_code, result.stdout, result.stderr) == (0, "", "cleaner: 4 given back\n")
        assert self.given_back(tmp_path / "back") == self.SOURCES

    def test_in_place_and_into_itself(self, call: Call, cleaned: Path, tmp_path: Path) -> None:
        assert call("undo", "out", "--ledger", "ledger", "-o", "out/back").exit_code == 0
        assert self.given_back(cleaned / "back") == self.SOURCES
        shutil.rmtree(cleaned / "back")
        assert call("undo", "out", "--ledger", "ledger", "-o", "out").exit_code == 0
        assert self.given_back(cleaned) == self.SOURCES

    def test_what_cannot_be_given_back_is_said_and_the_rest_goes_on(
        self, call: Call, cleaned: Path, tmp_path: Path
    ) -> None:
        (cleaned / "a.txt").write_bytes(b"changed")
        (cleaned / "new.txt").write_bytes(b"never cleaned")
        (cleaned / "picture.png").write_bytes(b"no text")
        result = call("undo", "out", "--ledger", "ledger", "-o", "back")
        assert result.exit_code == 123
        assert "a.txt: does not belong to this ledger: it was changed after cleaning" in result.stderr
        assert "new.txt: does not belong to this ledger: the ledger knows no document" in result.stderr
        assert "cleaner: 3 given back, 2 not, 1 passed over (their endings tell no format)" in result.stderr
        assert self.given_back(tmp_path / "back") == {k: v for k, v in self.SOURCES.items() if k != "a.txt"}

    def test_files_that_came_out_the_same_are_told_by_their_folders(self, call: Call, tmp_path: Path) -> None:
        dirty, clean = b"We saw teh ferry.\n", b"We saw the ferry.\n"
        sources = {"a.txt": clean, "x/a.txt": dirty, "y/a.txt": clean, "y/x/a.txt": clean}
        rows = {"c.jsonl": b'{"text": "the"}\n', "x/c.jsonl": b'{"text": "teh"}\n'}
        sources |= rows
        for name, data in sources.items():
            (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "in" / name).write_bytes(data)
        assert call("clean", "in", "-o", "out", "--ledger", "ledger").exit_code == 0
        assert len(set(self.given_back(tmp_path / "out").values())) == 2
        assert call("undo", "out", "--ledger", "ledger", "-o", "back").exit_code == 0
        assert self.given_back(tmp_path / "back") == sources


    def test_the_ledger_is_no_document_and_never_overwritten(self, call: Call, cleaned: Path, tmp_path: Path) -> None:
        ledger = cleaned / "ledger.jsonl"
        (tmp_path / "ledger").rename(ledger)
        before = ledger.read_bytes()
        result = call("undo", "out", "--ledger", "out/ledger.jsonl", "-o", "back")
        assert (result.exit_code, result.stderr) == (0, "cleaner: 4 given back\n")
        (tmp_path / "two").mkdir()
        (tmp_path / "two" / "ledger.jsonl").write_bytes((cleaned / "b" / "c.jsonl").read_bytes())
        result = call("undo", "two", "--ledger", "out/ledger.jsonl", "-o", "out")
        assert result.exit_code == 123
        assert "out/ledger.jsonl: the ledger; choose another folder" in result.stderr
        assert ledger.read_bytes() == before


class TestExplain:
    @pytest.fixture(autouse=True)
    def small_features(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("cleaner.noise.explain", lambda text, edit, config: [("weak", 0.1), ("strong", -2.0)])
        monkeypatch.setattr("cleaner.noise.REASONS", {"noise_rule": "It says SPAM."})

    def test_every_finding_has_its_place_its_verdict_and_its_reason(self, call: Call, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_bytes(DIRTY)
        assert call("explain", "a.txt").stdout == (
            "a.txt:1:6: changed: typos, score 0.9\n"
            "    \u201cteh\u201d -> \u201cthe\u201d\n"
            "    typos rule (typos/typos_rule)\n"
            "\n"
            "a.txt:2:1: removed: keyword_spam, score 0.9\n"
            "    \u201cBuy SPAM now\u201d\n"
            "    It says SPAM. (noise/noise_rule)\n"
            "    -2.00  strong\n"
            "    +0.10  weak\n"
            "\n"
            "a.txt:3:1: flagged: keyword_spam, score 0.2\n"
            "    \u201cThe end, perhaps SPAM.\u201d\n"
            "    It says SPAM. (noise/noise_rule)\n"
            "    -2.00  strong\n"
            "    +0.10  weak\n"
            "\n"
        )

    def test_a_long_span_is_shortened_and_its_line_ends_are_named(self, call: Call) -> None:
        out = call("explain", stdin=b"One.\nSPAM " + b"and more " * 40 + b"\t!\n").stdout
        shown = out.splitlines()[1]
        assert len(shown) < 110
        assert " ... " in shown
        assert shown.endswith("\\t!\N{RIGHT DOUBLE QUOTATION MARK}")

    def test_nothing_found(self, call: Call) -> None:
        result = call("explain", stdin=b"Nothing here.\n")
        assert (result.exit_code, result.stdout) == (0, "")
        assert result.stderr == "cleaner: -: nothing was found\n"

    def test_bad_input(self, call: Call, tmp_path: Path) -> None:
        refused(call("explain", "missing.txt"), "missing.txt: no such file or directory")
        refused(call("explain", stdin=b"\x00\x01"), "-: this is no text")
        refused(call("explain", tmp_path), f"{tmp_path}: is a directory")


class TestLabels:
    MARKED = "=== id: pier-01 | site: courier.example\nThe pier is shut.\u27e6keyword_spam: cheap ferries\u27e7\n"

    def test_the_policy_is_printed(self, call: Call) -> None:
        out = call("labels").stdout
        assert "keyword_spam (remove)\n" in out
        assert "off_topic (flag)\n" in out
        assert "caption (keep)\n" in out

    def test_import_then_check(self, call: Call, tmp_path: Path) -> None:
        (tmp_path / "marked.txt").write_text(self.MARKED, encoding="utf-8")
        assert call("labels", "import", "marked.txt", "-o", "data.jsonl").exit_code == 0
        checked = call("labels", "check", "data.jsonl")
        assert checked.stdout == "data.jsonl: 1 documents, 1 spans (keyword_spam 1), 0 keeps, 0 typos\n"
        row = json.loads(call("labels", "import", "marked.txt").stdout)
        assert row["spans"][0]["quote"] == "cheap ferries"
        assert json.loads((tmp_path / "data.jsonl").read_text(encoding="utf-8")) == row

    def test_what_is_broken_is_named(self, call: Call, tmp_path: Path) -> None:
        (tmp_path / "bad.jsonl").write_text('{"id": "a", "text": "b"}\n')
        (tmp_path / "bad.txt").write_text(self.MARKED.replace("keyword", "key"), encoding="utf-8")
        refused(call("labels", "check", "bad.jsonl"), "bad.jsonl:1: ")
        refused(call("labels", "check", "nowhere"), "nowhere: no such file")
        refused(call("labels", "import", "bad.txt"), "bad.txt:")
        refused(call("labels", "import", "nowhere"), "nowhere: no such file")
        refused(call("labels", "check"), "Missing argument 'FILE...'", code=2)


class TestModels:
    @pytest.fixture
    def model(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        folder = tmp_path / "_data/models/noise-1.2.0"
        folder.mkdir(parents=True)
        (folder / "weights.npz").write_bytes(b"weights")
        digest = "9acbdbe77f2ff0c5fe0ddcae4e1cb4bd8f1b4d2f8a0a8f3ac6c0bce3d5b3d0a6"
        (folder / "manifest.json").write_text(json.dumps({"kind": "noise", "files": {"weights.npz": digest}}))
        (tmp_path / "_data/models/noise-1.10.0").mkdir()
        (tmp_path / "_data/models/notes.txt").touch()
        monkeypatch.setattr("cleaner.resources._INSTALLED", tmp_path / "_data")
        return folder

    def test_the_newest_version_is_found(self, model: Path) -> None:
        from cleaner.resources import models, resolve

        assert [path.name for path in models()] == ["noise-1.2.0", "noise-1.10.0"]
        assert resolve("noise").name == "noise-1.10.0"
        assert resolve("noise-1.2.0") == model
        assert resolve(str(model)) == model

    def test_list(self, call: Call, model: Path) -> None:
        first, second = call("models").stdout.splitlines()
        assert first.split()[:3] == ["noise-1.2.0", "1", "files"]
        assert first.endswith(str(model))
        assert second.split()[:2] == ["noise-1.10.0", "broken:"]

    def test_verify(self, call: Call, model: Path) -> None:
        refused(call("models", "verify", "noise-1.2.0"), f"{model}/weights.npz was changed since the model was made")
        refused(call("models", "verify", "nois"), "no model and no directory 'nois'; did you mean 'noise'?")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(call: Call, shell: str) -> None:
    result = call("completion", shell)
    assert result.exit_code == 0
    assert "_CLEANER_COMPLETE" in result.stdout


def test_completion_of_commands_and_options() -> None:
    process = cleaner_process(_CLEANER_COMPLETE="bash_complete", COMP_WORDS="cleaner clean --in", COMP_CWORD="2")
    assert process.stdout == b"plain,--in-place\n"
    process = cleaner_process(_CLEANER_COMPLETE="bash_complete", COMP_WORDS="cleaner ex", COMP_CWORD="1")
    assert process.stdout == b"plain,explain\n"


class TestGroup:
    def test_without_a_command_it_helps(self, call: Call) -> None:
        result = call()
        assert result.exit_code == 2
        assert "Usage: cleaner" in result.stderr

    def test_help_names_every_command(self, call: Call) -> None:
        out = call("--help").stdout
        assert all(f"  {name} " in out for name in COMMANDS)

    @pytest.mark.parametrize("name", COMMANDS)
    def test_every_command_exists_and_helps(self, call: Call, name: str) -> None:
        result = call(name, "--help")
        assert result.exit_code == 0
        assert result.stdout.startswith(f"Usage: cleaner {name}")

    def test_a_wrong_command(self, call: Call) -> None:
        refused(call("claen"), "no command 'claen'; did you mean 'clean'?", code=2)
        refused(call("xyzzy"), "no command 'xyzzy'; commands: clean, undo", code=2)

    def test_the_version(self, call: Call) -> None:
        from cleaner import __version__

        assert call("--version").stdout == f"cleaner {__version__}\n"

    def test_what_nobody_foresaw_is_one_line(self, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
        def breaks(*_: object) -> list[object]:
            raise ZeroDivisionError("one\ntwo")

        monkeypatch.setattr(PatternStage, "propose", breaks)
        refused(call("explain", stdin=b"x"), "internal error, please report it: ZeroDivisionError: one\\ntwo")
        monkeypatch.setenv("CLEANER_DEBUG", "1")
        assert isinstance(call("explain", stdin=b"x").exception, ZeroDivisionError)

    def test_called_from_python_without_exiting(self) -> None:
        with pytest.raises(click.UsageError):
            cli.main(["claen"], prog_name="cleaner", standalone_mode=False)


class TestTrainAndEvaluate:
    def test_what_is_adapted_needs_no_language_model(self, call: Call, tmp_path: Path) -> None:
        (tmp_path / "lm.bin").write_bytes(b"")
        given = ("train", "new", "--add", str(tmp_path / "lm.bin"), "--language-model", str(tmp_path / "lm.bin"))
        refused(call(*given), "--language-model is for a model trained from the start", code=2)
        refused(call(*given[:4], "--keep", "noise"), "--keep is for training; --add changes nothing", code=2)
        kept = call("train", "new", "--keep", "noise", *given[4:])
        refused(kept, "--language-model is for a model trained from the start; --keep takes what was", code=2)
        refused(call("train", "new", "--keep", "noize"), "no model and no directory 'noize'")

    @pytest.mark.parametrize("command", ["train new", "evaluate"])
    def test_what_is_missing_is_named(self, call: Call, tmp_path: Path, command: str) -> None:
        (tmp_path / "empty").mkdir()
        arguments = command.split()
        refused(call(*arguments, "--data", "nowhere"), "--data: nowhere is no folder", code=2)
        refused(call(*arguments, "--sources", "nowhere"), "--sources: nowhere is no folder", code=2)
        refused(call(*arguments, "--data", "empty"), "empty: no labelled documents (*.jsonl)")

    def test_a_model_directory_is_never_overwritten(self, call: Call, tmp_path: Path) -> None:
        (tmp_path / "noise-1.0.0").mkdir()
        result = call("train", "noise-1.0.0")
        assert result.exit_code == 123
        assert "noise-1.0.0 exists; a model directory is never overwritten" in result.stderr
        assert list((tmp_path / "noise-1.0.0").iterdir()) == []

    @pytest.mark.parametrize(("below", "code"), [([], 0), (["own.lost is 9, the floor is 5"], 1)])
    def test_the_gate(self, call: Call, monkeypatch: pytest.MonkeyPatch, below: list[str], code: int) -> None:
        monkeypatch.setattr("cleaner.evaluate.run", lambda config, data, sources: {"own.lost": 9.0})
        monkeypatch.setattr("cleaner.evaluate.missed", lambda figures: below)
        result = call("evaluate", "--gate")
        assert result.exit_code == code
        assert result.stdout == "own.lost      9.0000\n"
        assert result.stderr.splitlines()[: len(below)] == [f"cleaner: {sentence}" for sentence in below]
        assert json.loads(call("evaluate", "--json").stdout) == {"own.lost": 9.0}
