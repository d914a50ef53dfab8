"""The project around the code: what README promises a stranger is what is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from conftest import ROOT

COMMANDS = ("make demo", "make check")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def shell_lines(text: str) -> list[str]:
    """The commands in the code blocks of a page."""
    blocks = re.findall(r"```(?:sh|console)\n(.*?)```", text, re.S)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_two_commands_stand_in_the_readme_once(command: str) -> None:
    assert shell_lines(README).count(command) == 1


def test_they_are_rules_of_the_makefile() -> None:
    rules = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M)
    assert {command.split()[1] for command in COMMANDS} <= set(rules)


def test_ci_runs_the_second() -> None:
    script = ROOT / ".ci/run"
    assert COMMANDS[1] in script.read_text()
    assert script.stat().st_mode & 0o111


def test_every_page_that_is_linked_exists() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"


def test_every_command_has_its_place_in_the_docs() -> None:
    from cleaner.cli import COMMANDS as NAMES

    page = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"`cleaner {name}" not in page] == []


def test_the_version_is_in_the_changelog() -> None:
    from cleaner import __version__

    assert re.search(rf"^## {re.escape(__version__)}\b", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)


def test_nothing_names_the_machine_it_was_made_on() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    private = re.compile(rb"(?<![\w.])/(?:home|root)/\w")
    texts = [ROOT / name for name in listed.stdout.splitlines() if is_text(ROOT / name)]
    assert [path for path in texts if private.search(path.read_bytes())] == []


def is_text(path: Path) -> bool:
    return path.is_file() and path.suffix in {".py", ".md", ".toml", ".txt", ".json", ".jsonl", ".yml", ""}


def test_the_metadata() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["name"] == "article-cleaner"
    assert project["scripts"] == {"cleaner": "cleaner.cli:main"}
    assert (ROOT / "cleaner/py.typed").is_file()


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.S)


def test_the_stage_in_contributing_works(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = blocks("CONTRIBUTING.md", "python")
    exec(code, {"__name__": "example"})
    assert capsys.readouterr().out == "One or two.\n"


def test_the_configuration_in_the_docs_is_one(tmp_path: Path) -> None:
    from cleaner import CleanConfig

    (toml,) = blocks("docs/get-started.md", "toml")
    (tmp_path / "cleaner.toml").write_text(toml, encoding="utf-8")
    config = CleanConfig.from_toml(tmp_path / "cleaner.toml")
    assert config.stages == ("repair", "noise")
    assert config.typos.allow_words == ("Whanganui",)


def test_the_sample_is_cleaned_as_the_readme_shows() -> None:
    from cleaner import Cleaner

    (shown,) = blocks("README.md", "diff")
    rows = [row for row in shown.splitlines() if row[1:]]
    sample = (ROOT / "examples/ferry.txt").read_bytes()
    before, after = sample.decode().splitlines(), Cleaner().clean(sample).text.splitlines()
    assert [row for row in rows if row[0] in " -" and row[1:] not in before] == []
    assert [row for row in rows if row[0] in " +" and row[1:] not in after] == []
    assert [row for row in rows if row[0] == "-" and row[1:] in after] == []


def test_what_the_benchmark_of_parts_times_is_there() -> None:
    code = (
        "import parts; print([name for _, owner, names in parts.PARTS for name in names.split()"
        " if name not in vars(owner)])"
    )
    there = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "benchmarks")))}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=there, check=False)
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr
