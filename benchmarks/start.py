"""What `cleaner clean` costs on one small file, beside the imports that it cannot do without.

    python benchmarks/start.py --data DIR                 the example, and a document of each kind of news
    python benchmarks/start.py --data DIR --than FOLDER   in turn with the version whose checkout is FOLDER

`DIR` and the documents are those of `throughput.py`. Each run is a process of its own, in one thread; the CPU time of
all of it counts, from its start to its end. Shown are the median, as a multiple of that of
`python -c "import click, ftfy, numpy"`, which runs in turn with them, and the largest memory of all runs.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from throughput import ROOT, kinds

IMPORTS = "import click, ftfy, numpy"
CALL = "from cleaner.cli import main; main()"


_WATCHED = """
import os, sys
child = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, *sys.argv[1:]])
_, status, usage = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024)
"""
"""Runs Python once more: a process is said to have had at least the memory of the one that started it, so that must be
a small one."""


def spent(program: str, arguments: Sequence[str] = (), folder: Path = ROOT) -> tuple[float, int]:
    """Seconds of CPU of a Python process, and its largest memory in MB."""
    there = {**os.environ, "PYTHONPATH": str(folder), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", _WATCHED, "-c", program, *arguments]
    run = subprocess.run(command, cwd=folder, env=there, capture_output=True, text=True, check=True)
    code, seconds, memory = run.stdout.split()
    if code != "0":
        raise SystemExit(f"exit code {code} of: {program} {' '.join(arguments)}\n{run.stderr}")
    return float(seconds), int(memory)


def measured(path: Path, folders: Mapping[str, Path], runs: int) -> dict[str, tuple[float, int]]:
    """For each version the multiple of the imports' time, and the memory in MB."""
    imports, times = [], {name: list[tuple[float, int]]() for name in folders}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(runs):
            imports.append(spent(IMPORTS)[0])
            for name, source in folders.items():
                times[name].append(spent(CALL, ("clean", str(path), "-o", f"{folder}/out.txt"), source))
    base = statistics.median(imports)
    return {
        name: (statistics.median(time for time, _ in some) / base, max(memory for _, memory in some))
        for name, some in times.items()
    }


def main() -> None:
    """Print a line for each file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="the folder that holds `typos/`")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--than", type=Path, help="the checkout of another version")
    options = parser.parse_args()
    folders = {"this": ROOT} | ({"other": options.than} if options.than else {})
    for folder in folders.values():  # as an installation has them; without, every run would compile all modules
        subprocess.run([sys.executable, "-m", "compileall", "-q", str(folder / "cleaner")], check=True)
    print("times the CPU of the imports alone (goal 2.5), and the largest memory")
    with tempfile.TemporaryDirectory() as folder:
        files = {"examples/ferry.txt": ROOT / "examples" / "ferry.txt"}
        for kind, texts in kinds(options.data).items():
            files[kind] = Path(folder) / f"{kind}.txt"
            files[kind].write_text(texts[0], encoding="utf-8")
        for name, path in files.items():
            found = measured(path, folders, options.runs)
            print(f"{name:24}", *(f"{version} {times:.2f}, {memory} MB" for version, (times, memory) in found.items()))


if __name__ == "__main__":
    main()
