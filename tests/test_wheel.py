"""The wheel: built, installed in an environment of its own outside the checkout, and used there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import ROOT

ARTICLE = "The caf\u00c3\u00a9 on the pier opens at six.\n"


def run(command: Sequence[object], folder: Path, stdin: str = "") -> str:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    process = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )
    assert process.returncode == 0, process.stdout + process.stderr
    return process.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT], folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel alone; a path file shows it the dependencies, so nothing is fetched."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(folder, with_pip=False)
    (site,) = folder.glob("lib/**/site-packages")
    pip = [sys.executable, "-m", "pip", "--python", folder]
    run([*pip, "install", "--no-deps", "--no-index", "--quiet", wheel], folder)
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def test_what_is_in_it(wheel: Path) -> None:
    assert wheel.name.startswith("article_cleaner-")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for model in (ROOT / "models").iterdir():
        if (model / "manifest.json").is_file():
            files = {f"cleaner/_data/models/{f.relative_to(ROOT / 'models')}" for f in model.rglob("*") if f.is_file()}
            assert files <= names
    assert {"cleaner/_data/labels.toml", "cleaner/py.typed", "cleaner/cli/clean.py", "cleaner/report/page.css"} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("licenses/NOTICE") for name in names)
    assert all(name.startswith(("cleaner/", "article_cleaner-")) for name in names)


def test_it_cleans(environment: Path, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(ARTICLE, encoding="utf-8")
    program = environment / "bin" / "cleaner"
    run([program, "clean", "page.txt", "--in-place", "--ledger", "ledger"], tmp_path)
    assert (tmp_path / "page.txt").read_text(encoding="utf-8") == "The caf\u00e9 on the pier opens at six.\n"
    assert run([program, "undo", "page.txt", "--ledger", "ledger"], tmp_path) == ARTICLE


def test_a_model_is_adapted_with_what_is_in_it(environment: Path, tmp_path: Path) -> None:
    text = "The ferry sails at noon. Tidewater members steer the quay cheaply. It was full."
    spans = [{"start": 25, "end": 66, "label": "advert"}]
    rows = [json.dumps({"id": f"{n}", "text": text + " " * n, "spans": spans}) for n in range(8)]
    (tmp_path / "labels.jsonl").write_text("\n".join(rows), encoding="utf-8")
    program = environment / "bin" / "cleaner"
    assert "lost of our clean text" in run([program, "train", "mine", "--add", "labels.jsonl"], tmp_path)
    assert "3 files as they were made" in run([program, "models", "verify", "./mine"], tmp_path)


def test_it_finds_its_own_models_and_labels(environment: Path, tmp_path: Path) -> None:
    code = "import cleaner, cleaner.resources as r; print(cleaner.__file__, r.labels_path(), *r.models(), sep='\\n')"
    lines = run([environment / "bin" / "python", "-c", code], tmp_path).splitlines()
    assert len(lines) > 3
    assert all(line.startswith(str(environment.resolve())) for line in lines)
    assert "files as they were made" in run([environment / "bin" / "cleaner", "models", "verify"], tmp_path)
