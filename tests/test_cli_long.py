"""Long work: several processes, progress, resuming, interrupts, figures, memory."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from conftest import ROOT, cleaner_process

Call = Callable[..., Result]

DAMAGED = "The caf\u00c3\u00a9 on the pier opens at six. Nobody was turned away.The queue was long.\nShare on Facebook"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def records(count: int) -> bytes:
    rows = [{"id": n, "text": f"Story {n}. {DAMAGED}" if n % 3 else f"Story {n} is clean."} for n in range(count)]
    return b"".join(json.dumps(row).encode() + b"\n" + b"broken\n" * (row["id"] == 7) for row in rows)


def test_workers_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").write_bytes(records(300))
    for number in range(80):
        (tmp_path / f"in/{number}.txt").write_text(f"{number}. {DAMAGED}", encoding="utf-8")
    (tmp_path / "in/bad.txt").write_bytes(b"\0\1\2")
    said = []
    for workers in (1, 2):
        options = ("-o", f"out{workers}", "--ledger", f"ledger{workers}", "--workers", workers, "--add", "changes")
        process = cleaner_process("clean", "in", *options, cwd=tmp_path)
        assert process.returncode == 123
        said.append(process.stderr.split(b"; ")[:-1])
    assert said[0] == said[1]
    files = sorted(path.name for path in (tmp_path / "out1").iterdir())
    assert len(files) == 81
    for name in files:
        assert (tmp_path / "out1" / name).read_bytes() == (tmp_path / "out2" / name).read_bytes()
    assert (tmp_path / "ledger1").read_bytes() == (tmp_path / "ledger2").read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="signals and process groups are POSIX")
@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupt_ends_all_and_leaves_everything_whole(tmp_path: Path, workers: int) -> None:
    source = records(20_000)
    (tmp_path / "a.jsonl").write_bytes(source)
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaner", "clean", "--in-place", "a.jsonl", "--workers", str(workers)],
        cwd=tmp_path,
        env=ENVIRONMENT,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    while not any(path.name.endswith(".tmp") and path.stat().st_size for path in tmp_path.iterdir()):
        time.sleep(0.01)  # until it writes
        assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: all processes of the group
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.splitlines()[-1] == b"cleaner: interrupted"
    assert b"Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]
    assert (tmp_path / "a.jsonl").read_bytes() == source
    deadline = time.monotonic() + 20
    while _is_alive(process.pid):  # no worker is left behind
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX")
def test_a_killed_run_is_resumed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    names = [f"{number:02}.txt" for number in range(40)] + ["a.jsonl", "b.jsonl"]
    for name in names:
        data = DAMAGED.encode() * 30 if name.endswith("txt") else records(400)
        (tmp_path / "in" / name).write_bytes(data)
    command = [sys.executable, "-m", "cleaner", "clean", "in", "-o", "out", "--ledger", "ledger", "--resume"]
    process = subprocess.Popen(command, cwd=tmp_path, env=ENVIRONMENT, stderr=subprocess.DEVNULL)
    while not (tmp_path / "out").is_dir() or not any((tmp_path / "out").glob("*.txt")):
        time.sleep(0.002)
    process.kill()
    process.wait()
    done = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("[!.]*")}
    assert 0 < len(done) < len(names)
    process_ = cleaner_process(*command[3:], cwd=tmp_path)
    assert f", {len(done)} done before: ".encode() in process_.stderr
    assert {name: (tmp_path / "out" / name).stat().st_mtime_ns for name in done} == done
    whole = cleaner_process("clean", "in", "-o", "whole", cwd=tmp_path)
    assert whole.returncode == 123  # the broken records
    for name in names:
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    for name in ("00.txt", "b.jsonl"):
        undone = cleaner_process("undo", f"out/{name}", "--ledger", "ledger", cwd=tmp_path).stdout
        assert undone == (tmp_path / "in" / name).read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX")
@pytest.mark.parametrize("options", [("-o", "out"), ("-o", "out", "--resume"), ("--in-place",)])
def test_what_a_killed_run_has_left_half_written_goes(tmp_path: Path, options: tuple[str, ...]) -> None:
    source = records(20_000)
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").write_bytes(source)
    written = tmp_path / ("in" if "--in-place" in options else "out")
    command = ["clean", "in", *options, "--only", "repair"]
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaner", *command], cwd=tmp_path, env=ENVIRONMENT, stderr=subprocess.DEVNULL
    )
    while not any(path.stat().st_size for path in written.glob(".*.tmp")):
        assert process.poll() is None
        time.sleep(0.002)
    process.kill()
    process.wait()
    assert len(list(written.glob(".*"))) == 1
    assert (tmp_path / "in/a.jsonl").read_bytes() == source
    assert cleaner_process(*command, cwd=tmp_path).returncode == 123  # the broken record
    assert [path.name for path in written.iterdir()] == ["a.jsonl"]
    cleaned = (written / "a.jsonl").read_bytes().splitlines()
    assert len(cleaned) == len(source.splitlines())
    assert json.loads(cleaned[1])["text"].startswith("Story 1. The caf\u00e9 on")


def test_what_was_changed_since_is_cleaned_again(call: Call, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(b"teh")
        os.utime(tmp_path / name, (1, 1))
    assert "2 documents: " in call("clean", ".", "-o", "out", "--resume").stderr
    (tmp_path / "b.txt").write_bytes(b"teh new")
    os.utime(tmp_path / "b.txt", (2**32, 2**32))
    assert "1 document, 1 done before: " in call("clean", ".", "-o", "out", "--resume").stderr
    assert (tmp_path / "out/b.txt").read_bytes() == b"the new"
    assert call("clean", "a.txt", "--resume").exit_code == 2


def test_progress_is_shown_on_request_only(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(records(200))
    quiet = cleaner_process("clean", "a.jsonl", "-o", "b.jsonl", cwd=tmp_path).stderr
    assert b"left" not in quiet
    code = (
        "import sys, cleaner.cli.progress as p; p._FILE_EVERY = 0.0\n"
        "from cleaner.cli import main; main(['clean', 'a.jsonl', '-o', 'b.jsonl', '--progress'])"
    )
    command = [sys.executable, "-c", code]
    process = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, check=False)
    lines = [line for line in process.stderr.splitlines() if b" left" in line]
    assert lines
    assert lines[0].startswith(b"cleaner: ")
    assert b" documents, " in lines[0]
    assert b"/s, " in lines[0]


@pytest.mark.skipif(os.name != "posix", reason="pseudo terminals are POSIX")
def test_progress_on_a_terminal(tmp_path: Path) -> None:
    import pty

    (tmp_path / "a.jsonl").write_bytes(records(1500))
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaner", "clean", "a.jsonl", "-o", "b.jsonl"],
        cwd=tmp_path,
        env=ENVIRONMENT,
        stderr=follower,
    )
    os.close(follower)
    seen = b""
    while True:
        try:
            piece = os.read(leader, 1000)
        except OSError:  # Linux says so that the other side is closed
            break
        if not piece:
            break
        seen += piece
    os.close(leader)
    assert process.wait() == 123
    assert b"\r#" in seen or b"\r." in seen
    assert b"\r\x1b[K" in seen  # cleared before the summary
    assert b"left" not in seen.rpartition(b"\x1b[K")[2]


def test_the_figures(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "teh\\nBuy SPAM now"}\nx\n{"text": "a &amp; b teh"}\n')
    (tmp_path / "b.txt").write_bytes(b"fine")
    result = call("clean", "a.jsonl", "b.txt", "missing", "-o", "out", "--stats", "stats.json")
    total = "3 documents, 1 failed, 1 rejected: 4 changes: 2 typos, 1 noise (keyword_spam 1), 1 repair\n"
    assert f"cleaner: {total}" in result.stderr
    details = "2 changed; words removed: keyword_spam 3; characters repaired: 4; typos: typos_rule 2; 62 bytes in "
    assert f"cleaner: {details}" in result.stderr
    figures = json.loads((tmp_path / "stats.json").read_text())
    assert figures.pop("seconds") > 0
    assert figures.pop("megabytes_per_second") >= 0
    assert figures == {
        "documents": 3, "changed": 2, "rejected": 1, "failed": 1, "done_before": 0, "bytes": 62,
        "changes": {"typos": 2, "noise": 1, "repair": 1}, "removed_spans": {"keyword_spam": 1},
        "removed_words": {"keyword_spam": 3}, "repaired_characters": 4, "typos": {"typos_rule": 2}, "flagged": 0,
    }  # fmt: skip


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no device that is full")
@pytest.mark.parametrize("option", ["-o", "--rejects", "--stats"])
def test_a_full_disk(call: Call, tmp_path: Path, option: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "teh"}\nbroken\n' * 2000)
    result = call("clean", "a.jsonl", *(() if option == "-o" else ("-o", "b.jsonl")), option, "/dev/full")
    assert result.exit_code == 123
    assert "no space left on device" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.skipif(os.name != "posix", reason="the limit on the size of files is POSIX")
@pytest.mark.parametrize("option", ["-o", "--ledger"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.parquet"])
def test_a_disk_that_fills_up(tmp_path: Path, name: str, option: str) -> None:
    """The size of files is limited, which fails as a full disk does: in the middle of the work."""
    rows = [json.dumps({"text": f"{n} caf\u00c3\u00a9 {os.urandom(200).hex()}"}).encode() + b"\n" for n in range(2000)]
    source = gzip.compress(b"".join(rows)) if name.endswith("gz") else b"".join(rows)
    if name.endswith("parquet"):
        parquet = pytest.importorskip("pyarrow.parquet")
        table = pytest.importorskip("pyarrow").table({"text": [json.loads(row)["text"] for row in rows]})
        parquet.write_table(table, tmp_path / name)
        source = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(source)
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "from cleaner.cli import main; main(sys.argv[1:])"
    )
    output = () if option == "-o" else ("-o", os.devnull)  # which never fills up, so that the ledger does
    arguments = ["clean", name, "--only", "repair", *output, option, f"new-{name}"]
    command = [sys.executable, "-c", code, *arguments]
    process = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert process.returncode == 123
    message = f"{name}: cannot be written: " if option == "-o" else f"new-{name}: the ledger cannot be written: "
    assert f"cleaner: {message}file too large\n" in process.stderr
    assert "Traceback" not in process.stderr
    assert (tmp_path / name).read_bytes() == source
    assert not list(tmp_path.glob(".*"))
    assert not (tmp_path / f"new-{name}").exists() or option == "--ledger"


def test_a_folder_that_cannot_be_written(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "teh"}\n')
    (tmp_path / "file").write_bytes(b"")
    result = call("clean", "a.jsonl", "-o", "file/b.jsonl")
    assert result.exit_code == 123
    assert "a.jsonl: cannot be written: " in result.stderr


PEAK = """
import re, sys
from cleaner.cli import main
try:
    main(sys.argv[1:])
finally:
    print(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1], file=sys.stderr)
"""


def peak(folder: Path, name: str) -> int:
    """MB that cleaning a file takes at most."""
    arguments = ["clean", name, "-o", f"out-{name}", "--only", "repair", "-q"]
    process = subprocess.run(
        [sys.executable, "-c", PEAK, *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, check=False
    )
    assert process.returncode == 0, process.stderr
    return int(process.stderr.split()[-1]) // 1000


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("ending", ["jsonl", "csv", "jsonl.gz", "txt"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, ending: str) -> None:
    """20 MB here; `benchmarks/throughput.py --growth` goes to 200 MB."""
    row = ("The caf\u00e9 on the pier opens at six in the morning. " * 80).encode()
    row = {"jsonl": b'{"text": "%s"}\n', "csv": b'"%s"\n', "txt": b"%s\n\n"}[ending.split(".")[0]] % row
    peaks = []
    for count in (750, 5000):
        data = b"text\n" * (ending == "csv") + row * count
        name = f"{count}.{ending}"
        (tmp_path / name).write_bytes(gzip.compress(data, 1) if ending.endswith("gz") else data)
        peaks.append(peak(tmp_path, name))
    assert peaks[1] - peaks[0] < 15
