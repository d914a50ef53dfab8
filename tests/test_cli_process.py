"""The command line as a process of its own: pipes, signals, full disks, being killed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT, cleaner_process

from cleaner import CleanConfig, Cleaner

REPAIR = ("clean", "--only", "repair")
DAMAGED = "The caf\u00c3\u00a9 on the pier opens at six \u00e2\u20ac\u201c or so the owner says.\n"
REPAIRED = "The caf\u00e9 on the pier opens at six \u2013 or so the owner says.\n"


def test_a_filter() -> None:
    process = cleaner_process(*REPAIR, stdin=DAMAGED.encode())
    assert process.returncode == 0
    assert process.stdout == REPAIRED.encode()
    assert process.stderr.startswith(b"cleaner: 1 document: ")


GARBAGE = """
import atexit, gc
from cleaner import Cleaner
assert gc.get_threshold()[0] < 50_000
atexit.register(lambda: print(gc.get_threshold()[0], gc.get_freeze_count() > 0))
from cleaner.cli import main
main(["clean", "--only", "repair"])
"""


def test_cycles_are_looked_for_seldom_and_not_at_the_end() -> None:
    """Only by the command: a program that imports the package keeps its own settings."""
    process = subprocess.run([sys.executable, "-c", GARBAGE], input=b"", capture_output=True, cwd=ROOT, check=True)
    assert process.stdout.split()[-2:] == [b"50000", b"True"]


def test_output_is_utf_8_whatever_the_locale_says() -> None:
    process = cleaner_process(*REPAIR, stdin=DAMAGED.encode(), LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert process.stdout == REPAIRED.encode()


def test_every_kind_of_article_twice_is_once(tmp_path: Path) -> None:
    """Cleaning what was cleaned changes nothing, and the ledger leads back, on all kinds of files at once."""
    text = DAMAGED + "A second paragraph \u2013 with a dash.\n"
    kinds = {
        "lf.txt": text.encode(),
        "crlf.txt": text.replace("\n", "\r\n").encode(),
        "bom.txt": text.encode("utf-8-sig"),
        "utf16.txt": text.encode("utf-16"),
        "cp1252.txt": "Caf\u00e9 \u2013 na\u00efve\r\nprices in \u20ac\r\n".encode("cp1252"),
        "mixed.txt": "Caf\u00e9 \u2013 one\n".encode() + "Caf\u00e9 \u2013 two\n".encode("cp1252"),
    }
    for name, data in kinds.items():
        (tmp_path / name).write_bytes(data)
    once: dict[str, bytes] = {}
    for _ in range(2):
        process = cleaner_process(*REPAIR, "--in-place", "--ledger", "ledger", *kinds, cwd=tmp_path)
        assert process.returncode == 0, process.stderr
        now = {name: (tmp_path / name).read_bytes() for name in kinds}
        assert once in ({}, now)
        once = now
    for name, data in kinds.items():
        assert once[name] != data
        assert cleaner_process("undo", name, "--ledger", "ledger", cwd=tmp_path).stdout == data


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX")
def test_a_killed_process_leaves_every_file_whole(tmp_path: Path) -> None:
    cleaner = Cleaner(CleanConfig(stages=("repair",)))
    old = {f"{number}.txt": (f"File {number}. {DAMAGED}" * 4).encode() for number in range(60)}
    new = {name: cleaner.clean(data).text.encode() for name, data in old.items()}
    chance = random.Random(5)
    caught = 0
    for turn in range(6):
        folder = tmp_path / str(turn)
        folder.mkdir()
        for name, data in old.items():
            (folder / name).write_bytes(data)
        process = subprocess.Popen(
            [sys.executable, "-m", "cleaner", *REPAIR, "--in-place", "-q", str(folder)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.DEVNULL,
        )
        while process.poll() is None and (folder / "0.txt").read_bytes() == old["0.txt"]:
            time.sleep(0.002)  # until it has begun to write
        time.sleep(chance.random() * 0.02)
        process.kill()
        process.wait()
        after = {name: (folder / name).read_bytes() for name in old}
        assert all(after[name] in (old[name], new[name]) for name in old)
        caught += process.returncode == -signal.SIGKILL and after != new
    assert caught, "the process was never caught at work: give it more files"


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_nobody_reads_the_output(tmp_path: Path, unbuffered: str) -> None:
    (tmp_path / "a.txt").write_text("A line of text that goes nowhere.\n" * 20_000)
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaner", *REPAIR, "a.txt"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": unbuffered},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no device that is full")
def test_a_full_disk() -> None:
    process = subprocess.run(
        f"{sys.executable} -m cleaner clean --only repair > /dev/full",
        shell=True,
        input=b"text\n",
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert process.returncode == 123
    assert process.stderr == b"cleaner: standard output: no space left on device\n"


@pytest.mark.skipif(os.name != "posix", reason="closes descriptors through a POSIX shell")
@pytest.mark.parametrize(
    ("closed", "message"),
    [(">&-", b"cleaner: standard output: closed\n"), ("<&-", b"cleaner: -: closed\ncleaner: 0 documents, 1 failed\n")],
)
def test_closed_streams(closed: str, message: bytes) -> None:
    process = subprocess.run(
        f"{sys.executable} -m cleaner clean --only repair {closed}",
        shell=True,
        input=b"text\n",
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert (process.returncode, process.stderr) == (123, message)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
def test_an_interrupt_is_one_line(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaner", *REPAIR, str(pipe)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with pipe.open("wb"):  # opened on both sides: the process is now reading
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == b""
    assert err.strip() == b"cleaner: interrupted"


def test_a_model_that_was_tampered_with(tmp_path: Path) -> None:
    from cleaner.resources import resolve

    model = tmp_path / "noise-9.9.9"
    shutil.copytree(resolve("noise"), model)
    weights = bytearray((model / "weights.npz").read_bytes())
    weights[len(weights) // 2] ^= 1
    (model / "weights.npz").write_bytes(weights)
    (tmp_path / "cleaner.toml").write_text('[noise]\nmodel = "./noise-9.9.9"\n')
    (tmp_path / "pages").mkdir()
    for arguments in (("clean",), ("models", "verify", "../noise-9.9.9")):
        process = cleaner_process(*arguments, stdin=b"text\n", cwd=tmp_path / "pages")
        assert (process.returncode, process.stdout) == (123, b"")
        assert b"noise-9.9.9/weights.npz was changed since the model was made" in process.stderr
        assert process.stderr.count(b"\n") == 1
