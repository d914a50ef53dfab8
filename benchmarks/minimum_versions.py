"""Whether the oldest versions that `pyproject.toml` allows really do.

    python benchmarks/minimum_versions.py                   # the core and every extra but the large ones (ray, spark)
    python benchmarks/minimum_versions.py parquet scrapy    # these alone; "core": without any extra

For each extra it makes an environment of its own, installs the dependencies of the core and of the extra in exactly
their lowest versions (whatever these ask for comes as pip chooses it) and runs the tests of that extra in it. It needs
a package index, some hundred MB in the folder for environments, and a minute or more for each. Run it after a change of
a minimum, with the oldest Python that is supported. Its exit code says how many extras failed.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORE = [
    "test_decode", "test_repair", "test_repair_equivalence", "test_noise", "test_typos", "test_typos_model",
    "test_model", "test_features", "test_inserts", "test_joins", "test_train", "test_train_add", "test_train_cuts",
    "test_pipeline", "test_ledger", "test_cli_clean", "test_cli_commands", "test_cli_process", "test_sites",
    "test_integrations",
]  # fmt: skip
TESTS = {
    "core": CORE,
    "datasets": ["test_frames", "-k", "datasets"],
    "datatrove": ["test_datatrove"],
    "detect": ["test_detect", "test_decode"],
    "docs": ["test_docs", "-k", "site_builds"],
    "html": ["test_formats"],
    "pandas": ["test_frames"],
    "parquet": ["test_tables", "test_formats", "test_sites"],
    "polars": ["test_frames"],
    "ray": ["test_clusters", "-m", "engines", "-k", "ray"],
    "scrapy": ["test_scrapy", "-m", "engines or not engines"],
    "spark": ["test_clusters", "-m", "engines", "-k", "spark"],
    "zstd": ["test_formats"],
}
"""For each extra the files of its tests, and how to choose among them. (`bench` is for comparison alone.)"""
INSTEAD = {"datasets": ["pyarrow==15"], "ray": ["pyarrow==15"], "datatrove": ["numpy==2.0"]}
"""Other versions than the lowest, where the tool of an extra asks for a higher one; and what it brings along without a
limit, where the newest does not go with the lowest NumPy."""
LARGE = ("ray", "spark")
TOOLS = ("pytest>=8.3", "hypothesis>=6.100", "pytest-xdist>=3.6")


def lowest(requirements: list[str]) -> list[str]:
    """The lowest versions that requirements allow, as pins.

    >>> lowest(["click>=8.2", "ray[data]>=2.40"])
    ['click==8.2', 'ray==2.40']
    """
    return [re.sub(r"\[.*?\]", "", requirement).replace(">=", "==") for requirement in requirements]


def check(extra: str, folder: Path, project: dict[str, list[str]], core: list[str]) -> bool:
    """Install the lowest versions of an extra in an environment below `folder`, and run its tests there."""
    environment = folder / extra
    venv.create(environment, with_pip=True, clear=True)
    python = environment / "bin/python"
    pins = folder / f"{extra}.txt"
    wanted = {pin.partition("==")[0]: pin for pin in lowest([*core, *project.get(extra, [])]) + INSTEAD.get(extra, [])}
    pins.write_text("".join(f"{pin}\n" for pin in wanted.values()), encoding="utf-8")
    what = f"{ROOT}[{extra}]" if extra != "core" else str(ROOT)
    install = [python, "-m", "pip", "install", "-q", "-c", pins, "--editable", what, *TOOLS]
    print(f"== {extra}: {' '.join(wanted.values())}", flush=True)
    if subprocess.run(install, check=False).returncode:
        return False
    files = [f"tests/{part}.py" for part in TESTS[extra] if part.startswith("test_")]
    options = [part for part in TESTS[extra] if not part.startswith("test_")]
    tests = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files, *options]
    return subprocess.run(tests, check=False, cwd=ROOT).returncode == 0


def main() -> int:
    """Check the extras that are named; the number of those that failed."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("extras", nargs="*", metavar="EXTRA", help=f"of {', '.join(TESTS)}")
    arguments.add_argument("--folder", type=Path, help="for the environments; without it one that is removed again")
    options = arguments.parse_args()
    if unknown := set(options.extras) - set(TESTS):
        arguments.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(TESTS)}")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = options.extras or [extra for extra in TESTS if extra not in LARGE]
    with tempfile.TemporaryDirectory() as temporary:
        folder = (options.folder or Path(temporary)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        done = {
            extra: check(extra, folder, project["optional-dependencies"], project["dependencies"]) for extra in extras
        }
    for extra, is_good in done.items():
        print(f"{extra:12}{'good' if is_good else 'FAILED'}")
    return sum(not is_good for is_good in done.values())


if __name__ == "__main__":
    sys.exit(main())
