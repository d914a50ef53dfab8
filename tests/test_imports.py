"""Imports point one way, and the clean path stays light: what it must not load is not loaded, nothing is unpickled."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "cleaner"

LAYERS = (
    ("errors", "hints", "cycles", "blas", "late", "edits", "revision", "arrays"),
    ("config", "resources", "policy", "manifest"),
    ("decode", "protect", "stretches", "tokens", "voice", "lexicon", "units", "ngrams", "verdicts", "seams", "joins",
     "meaning"),
    ("features", "strata", "forest", "network", "strange", "bylines", "rule_forms", "rules", "correction", "candidates",
     "inserts", "beside", "collective", "labeller", "model"),
    ("repair", "addresses", "completion", "guards", "noise", "typos", "reasons", "sites"),
    ("result",),
    ("pipeline",),
    ("report", "formats", "ledger", "restore", "work", "parallel"),
    ("dataset", "hosts", "synthesis", "transplant", "sources", "vocabulary", "word_vectors", "sentence_encoder",
     "train*", "evaluate"),
    ("cli", "integrations"),
)
"""From the bottom up. A module imports from its own layer and from those below; `train*` are all modules so called."""


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        yield name.removesuffix(".__init__"), path


def imported(path: Path, at_top: bool = False) -> Iterator[str]:
    """The modules of the package that a file imports, also inside functions unless `at_top`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body if at_top else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "cleaner")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "cleaner":
            assert node.module is not None
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if is_module(name) else node.module for name in names)


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def layer(name: str) -> int | None:
    """The layer of a module; None for the package itself, whose public names come from anywhere."""
    parts = name.split(".")
    if len(parts) == 1 or parts[1] == "__main__":
        return None
    for number, names in enumerate(LAYERS):
        if parts[1] in names or any(n.endswith("*") and parts[1].startswith(n[:-1]) for n in names):
            return number
    raise AssertionError(f"{name} has no layer; give it one in LAYERS")


@pytest.mark.parametrize(("name", "path"), list(modules()), ids=[name for name, _ in modules()])
def test_imports_point_one_way(name: str, path: Path) -> None:
    own = layer(name)
    if own is None:
        return
    for other in imported(path):
        theirs = layer(other)
        assert theirs is None or theirs <= own, f"{name} imports {other}, which lies above it"


def test_no_two_modules_import_each_other() -> None:
    graph = {name: {other for other in imported(path, at_top=True) if other != name} for name, path in modules()}
    graph.pop("cleaner")
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, f"a circle of imports: {' -> '.join((*above, name))}"
        if name not in done:
            for other in sorted(graph.get(name, ())):
                if not name.startswith(f"{other}."):  # a part of a package may name its package's other parts
                    visit(other, (*above, name))
            done.add(name)

    for name in graph:
        visit(name, ())


WATCH = """
import json, sys
unpickled = []
sys.addaudithook(lambda event, args: unpickled.append(str(args)) if event == "pickle.find_class" else None)
from cleaner.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    code = end.code
modules = [name for name in sys.modules if name.startswith("cleaner") or "." not in name]
print(json.dumps({"code": code, "modules": modules, "unpickled": unpickled}), file=sys.stderr)
"""


def watched(*arguments: str, stdin: str = "") -> tuple[set[str], list[str], str]:
    process = subprocess.run(
        [sys.executable, "-c", WATCH, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    seen = json.loads(process.stderr.splitlines()[-1])
    assert seen["code"] == 0, process.stderr
    return set(seen["modules"]), seen["unpickled"], process.stdout


HEAVY = {"sklearn", "joblib", "scipy", "pandas", "chardet", "cleaner.train", "cleaner.evaluate", "cleaner.synthesis"}
HEAVY |= {"cleaner.report.diff", "cleaner.report.picture", "cleaner.report.page"}


def test_the_clean_path_is_light() -> None:
    loaded, unpickled, out = watched("clean", "-q", stdin="The caf\u00c3\u00a9 opens at six.\n\nShare on Facebook\n")
    assert out.startswith("The caf\u00e9 opens at six.")
    assert not loaded & HEAVY
    assert unpickled == []


def test_help_loads_next_to_nothing() -> None:
    loaded, _, out = watched("--help")
    assert out.startswith("Usage: cleaner")
    assert not loaded & (HEAVY | {"numpy", "ftfy", "cleaner.repair", "cleaner.noise", "cleaner.typos"})
