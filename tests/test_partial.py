"""The hidden file that is written before it takes its place: what a killed process leaves goes, what another one writes
stays."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from cleaner.errors import CleanerError
from cleaner.formats import write, writing
from cleaner.formats.partial import ENDING, partial_file

fcntl = pytest.importorskip("fcntl", reason="locks of this kind are POSIX")

LEAVES_IT = """
import os, signal, sys
from pathlib import Path
from cleaner.formats import writing
with writing(Path(sys.argv[1])) as stream:
    stream.write(b"half of")
    stream.flush()
    print("here", flush=True)
    sys.stdin.read() if sys.argv[2] == "wait" else os.kill(os.getpid(), signal.SIGKILL)
"""


def hidden(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


def other_process(path: Path, what: str) -> subprocess.Popen[str]:
    """A process that has begun to write `path`: it waits for the end of its input, or kills itself."""
    process = subprocess.Popen(
        [sys.executable, "-c", LEAVES_IT, str(path), what],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "here\n"
    return process


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl.gz", "a" * 240 + ".txt", "ü" * 100])
def test_what_a_killed_process_has_left_goes_when_the_file_is_written_again(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with other_process(path, "kill") as process:
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert [end[-len(ENDING) :] for end in hidden(tmp_path)] == [ENDING]
    assert not path.exists()
    write(path, b"all of it")
    assert os.listdir(tmp_path) == [name]


def test_it_goes_also_where_the_new_content_is_not_finished(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with other_process(path, "kill") as process:
        process.communicate()
    with pytest.raises(ZeroDivisionError), writing(path):
        raise ZeroDivisionError
    assert os.listdir(tmp_path) == []


def test_what_another_process_is_writing_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with other_process(path, "wait") as process:
        (theirs,) = hidden(tmp_path)
        write(path, b"all of it")
        assert (path.read_bytes(), hidden(tmp_path)) == (b"all of it", [theirs])
        process.communicate("")
    assert process.returncode == 0
    assert (path.read_bytes(), os.listdir(tmp_path)) == (b"half of", ["a.txt"])


def test_two_writers_in_one_process_do_not_meet(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with writing(path) as first:
        first.write(b"first")
        with writing(path) as second:
            second.write(b"second")
        assert path.read_bytes() == b"second"
    assert (path.read_bytes(), os.listdir(tmp_path)) == (b"first", ["a.txt"])


def test_a_file_without_permission_to_read_or_write_that_was_left_goes_too(tmp_path: Path) -> None:
    """A process may be killed between giving the new file the old one's permissions and giving it its name."""
    left = tmp_path / f".a.txt{ENDING}"
    left.write_bytes(b"half")
    left.chmod(0o444)
    write(tmp_path / "a.txt", b"whole")
    assert os.listdir(tmp_path) == ["a.txt"]


def test_what_is_no_plain_file_stays(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"mine")
    names = {name: tmp_path / f".{name}{ENDING}" for name in ("link", "folder", "pipe")}
    names["link"].symlink_to(tmp_path / "precious")
    names["folder"].mkdir()
    os.mkfifo(names["pipe"])
    for name, path in names.items():
        write(tmp_path / name, b"whole")
        assert (tmp_path / name).read_bytes() == b"whole"
        assert os.path.lexists(path)
    assert (tmp_path / "precious").read_bytes() == b"mine"
    assert hidden(tmp_path) == sorted(path.name for path in names.values())


def test_files_of_the_user_with_like_names_stay(tmp_path: Path) -> None:
    for name in (".a.txt.tmp", ".a.txt.abcdefgh.tmp", "a.txt.cleaner.tmp", f".b.txt{ENDING}"):
        (tmp_path / name).write_bytes(b"mine")
    write(tmp_path / "a.txt", b"whole")
    assert len(os.listdir(tmp_path)) == 5


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_without_locks_nothing_is_removed_and_all_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(descriptor: int, what: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(fcntl, "flock", refuse)
    write(tmp_path / "a.txt", b"whole")
    assert os.listdir(tmp_path) == ["a.txt"]
    left = tmp_path / f".b.txt{ENDING}"
    left.write_bytes(b"half")
    write(tmp_path / "b.txt", b"whole")
    assert sorted(os.listdir(tmp_path)) == [left.name, "a.txt", "b.txt"]


def test_who_loses_the_race_for_the_name_takes_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between making the file and locking it another process may have taken it for left behind."""
    path, lock = tmp_path / "a.txt", fcntl.flock

    def removed_before(descriptor: int, what: int) -> None:
        monkeypatch.setattr(fcntl, "flock", lock)
        (tmp_path / f".a.txt{ENDING}").unlink()
        lock(descriptor, what)

    monkeypatch.setattr(fcntl, "flock", removed_before)
    with partial_file(path) as (descriptor, partial):
        assert partial.name != f".a.txt{ENDING}"
        os.close(descriptor)
        partial.rename(path)
    assert os.listdir(tmp_path) == ["a.txt"]


def test_the_lock_lasts_until_the_file_has_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with partial_file(path) as (descriptor, partial):
        os.close(descriptor)  # all is written, but it does not stand in its place yet
        write(path, b"another")
        assert partial.exists()
        partial.rename(path)


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CleanerError, match="cannot be written"):
        write(tmp_path / "file" / "a.txt", b"x")
