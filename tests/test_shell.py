"""The examples for the shell: each is run as it stands, where its tools are, and gives what `cleaner clean` gives."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from dirty import cleaned, dirty

from cleaner import Cleaner

PAGE = (ROOT / "docs/shell.md").read_text(encoding="utf-8")
EXAMPLES = {
    title: code
    for title, section in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    for code in re.findall(r"```sh\n(.*?)```", section, re.S)
}
TOOLS = ("jq", "find", "xargs", "parallel", "git", "awk", "bash")
TEXTS = [text for text in dirty()[:12] if text.strip()]
ENVIRONMENT = {
    **os.environ,
    "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    "PYTHONPATH": str(ROOT),
    "LC_ALL": "C.UTF-8",
}


def run(command: list[str], folder: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, encoding="utf-8", check=False, **options
    )


def records() -> list[dict[str, Any]]:
    return [{"id": n, "lang": "en" if n % 3 else "de", "body": text} for n, text in enumerate(TEXTS)]


def lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that the examples name."""
    (tmp_path / "crawl.jsonl").write_text(lines(records()), encoding="utf-8")
    (tmp_path / "crawl.json").write_text(json.dumps(records()), encoding="utf-8")
    (tmp_path / "shards").mkdir()
    for shard in range(2):
        with gzip.open(tmp_path / f"shards/{shard}.jsonl.gz", "wt", encoding="utf-8") as stream:
            stream.write(lines(records()[shard::2]))
    (tmp_path / "scraped/two words").mkdir(parents=True)
    for n, text in enumerate(TEXTS):
        name = f"two words/{n}.txt" if n % 2 else f"{n}.txt"
        (tmp_path / "scraped" / name).write_text(text, encoding="utf-8")
    return tmp_path


def scraped(folder: Path, suffix: str = "") -> list[str]:
    """The texts of the files that were scraped, in order."""
    paths = {int(path.name.split(".")[0]): path for path in folder.rglob(f"*.txt{suffix}")}
    return [paths[n].read_text(encoding="utf-8") for n in range(len(TEXTS))]


def check_records(path: Path, chosen: Callable[[dict[str, Any]], bool] = lambda row: True) -> None:
    """A file holds the chosen records with clean texts, and nothing else is changed."""
    text = path.read_text(encoding="utf-8")
    found = json.loads(text) if path.suffix == ".json" else [json.loads(row) for row in text.splitlines()]
    clean = [{**row, "body": text} for row, text in zip(records(), cleaned(TEXTS), strict=True)]
    assert found == [row for row in clean if chosen(row)]


def check_changed(folder: Path) -> None:
    rows = [row.split("\t") for row in (folder / "changed.tsv").read_text().splitlines()]
    assert [int(number) for number, _, _ in rows] == [
        n for n, (a, b) in enumerate(zip(TEXTS, cleaned(TEXTS), strict=True)) if a != b
    ]


def check_removed(folder: Path) -> None:
    counted = Counter(change.causes[-1].label for result in Cleaner().clean_many(TEXTS) for change in result.changes)
    found: Counter[str] = Counter()
    for row in (folder / "removed.txt").read_text(encoding="utf-8").splitlines():
        count, _, values = row.strip().partition(" ")
        found[json.loads(values)[0]] += int(count)
    assert found == Counter({label: count for label, count in counted.items() if label})
    assert scraped(folder / "clean") == cleaned(TEXTS)


def check_in_place(folder: Path) -> None:
    assert scraped(folder / "scraped") == cleaned(TEXTS)
    assert len((folder / "ledger.jsonl").read_bytes().splitlines()) > len(TEXTS)


def check_kept(folder: Path) -> None:
    assert scraped(folder / "scraped") == cleaned(TEXTS)
    changed = sum(a != b for a, b in zip(TEXTS, cleaned(TEXTS), strict=True))
    assert len(list((folder / "scraped").rglob("*.txt.orig"))) == changed


def check_shards(folder: Path, shards: tuple[int, ...] = (0, 1)) -> None:
    clean = [{**row, "body": text} for row, text in zip(records(), cleaned(TEXTS), strict=True)]
    assert sorted(path.name for path in (folder / "clean").rglob("*.gz")) == [f"{n}.jsonl.gz" for n in shards]
    for path in (folder / "clean").rglob("*.gz"):
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            assert [json.loads(row) for row in stream] == clean[int(path.name[0]) :: 2]


def check_diff(folder: Path) -> None:
    assert (folder / "changes.diff").read_text(encoding="utf-8").startswith("--- ")
    assert scraped(folder / "scraped") == TEXTS


CHECKS: dict[str, Callable[[Path], None]] = {
    "jq: choose records, then clean": lambda f: check_records(f / "english.jsonl", lambda row: row["lang"] == "en"),
    "jq: one JSON array": lambda f: check_records(f / "clean.json"),
    "jq: what has changed": check_changed,
    "jq: read the ledger": check_removed,
    "find and xargs: some files of a folder": check_in_place,
    "xargs: several processes": check_kept,
    "parallel: one large file": lambda f: check_records(f / "clean.jsonl"),
    "parallel: many files": check_shards,
    "Several machines, no engine": lambda f: check_shards(f, (1,)),  # the second file: awk counts from 1
    "Only if something would change": check_diff,
}


@pytest.mark.parametrize("title", [title for title in EXAMPLES if not title.startswith("git")])
def test_an_example_works(title: str, folder: Path) -> None:
    code = EXAMPLES[title]
    lacking = [tool for tool in TOOLS if re.search(rf"\b{tool}\b", code + " bash") and not shutil.which(tool)]
    if lacking:
        pytest.skip(f"not installed: {', '.join(lacking)}")
    process = run(["bash", "-euo", "pipefail", "-c", code], folder)
    assert process.returncode == 0, process.stderr
    CHECKS[title](folder)


# ------------------------------------------------------------------------------------------------------------------ git

DIRTY = "It was six.The end.\n"
CLEAN = "It was six. The end.\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository with one clean article."""
    if not shutil.which("git"):
        pytest.skip("not installed: git")
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles/clean.txt").write_text(CLEAN)
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "user.name", "Nobody")
    git(tmp_path, "config", "user.email", "nobody@example.org")
    assert git(tmp_path, "add", ".").returncode == 0
    assert git(tmp_path, "commit", "-qm", "first").returncode == 0
    return tmp_path


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(["git", *arguments], folder)


def commit(folder: Path, **files: str) -> subprocess.CompletedProcess[str]:
    """Commit files of the folder `articles`."""
    for name, text in files.items():
        (folder / f"articles/{name}.txt").write_text(text)
    git(folder, "add", ".")
    return git(folder, "commit", "-m", "more")


def test_the_hook_of_the_page_stops_a_commit(repository: Path) -> None:
    hook = repository / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(EXAMPLES["git: a hook without anything else"])
    hook.chmod(0o755)
    stopped = commit(repository, dirty=DIRTY)
    assert stopped.returncode != 0
    assert "articles/dirty.txt" in stopped.stderr + stopped.stdout
    assert (repository / "articles/dirty.txt").read_text() == DIRTY
    assert commit(repository, dirty=CLEAN).returncode == 0


def hooks() -> list[dict[str, Any]]:
    """The hooks that the project defines."""
    yaml = pytest.importorskip("yaml")
    found: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return found


def test_the_hooks_of_pre_commit_are_valid() -> None:
    pytest.importorskip("pre_commit")
    process = run([sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"], ROOT)
    assert process.returncode == 0, process.stdout + process.stderr


@pytest.mark.parametrize("id_", ["cleaner-check", "cleaner"])
def test_pre_commit_stops_a_commit(id_: str, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As installed from a repository, but with this environment for the hook's own, which would be fetched."""
    pytest.importorskip("pre_commit")
    (hook,) = [hook for hook in hooks() if hook["id"] == id_]
    config = {"repos": [{"repo": "local", "hooks": [{**hook, "language": "system", "files": "^articles/"}]}]}
    (repository / ".pre-commit-config.yaml").write_text(json.dumps(config))  # JSON is YAML
    monkeypatch.setitem(ENVIRONMENT, "PRE_COMMIT_HOME", str(repository / ".git/cache"))
    installed = run([sys.executable, "-m", "pre_commit", "install"], repository)
    assert installed.returncode == 0, installed.stderr
    stopped = commit(repository, dirty=DIRTY, fine=CLEAN)
    assert stopped.returncode != 0
    if id_ == "cleaner-check":
        assert "-It was six.The end." in stopped.stderr + stopped.stdout
    after = CLEAN if id_ == "cleaner" else DIRTY
    assert (repository / "articles/dirty.txt").read_text() == after
    passed = commit(repository, dirty=CLEAN)
    assert passed.returncode == 0, passed.stderr
