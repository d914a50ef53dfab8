"""The page of each rule says what is true: of every rule, with examples that happen, switches that switch, code that is
there. `docs/rules/README.md` says how an entry is written."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT
from rule_pages import STAGES, Example, Rule, command, left_over, pages, reasons, rules, text_command

from cleaner import CleanConfig, Cleaner
from cleaner.result import CleanResult

RULES = [rule for stage in STAGES for rule in rules(stage)]
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.name}-{number}")
    for rule in RULES
    for number, example in enumerate(rule.examples)
]
SWITCHED = [pytest.param(rule, id=rule.name) for rule in RULES if rule.on or rule.off]


@cache
def cleaner(settings: str) -> Cleaner:
    return Cleaner(CleanConfig.from_dict(tomllib.loads(settings)))


def result_of(example: Example, folder: Path, settings: str = "") -> CleanResult:
    """What comes out of the text of an example, ended by a line end as in a file."""
    text = json.loads(example.before)["text"] if example.records else example.before + "\n"
    settings = f"{example.settings}\n{settings}"
    if not example.site:
        return cleaner(settings).clean(text)
    path = folder / "courier.toml"
    path.write_text(example.site, encoding="utf-8")
    return Cleaner(CleanConfig.from_dict({**tomllib.loads(settings), "site": str(path)})).clean(text)


def rules_in(result: CleanResult) -> set[str]:
    """The rules that changed or flagged something."""
    changed = {cause.rule for change in result.changes for cause in change.causes}
    return changed | {mark.rule for mark in result.flagged}


@pytest.mark.parametrize("stage", STAGES)
def test_every_rule_has_an_entry_and_no_entry_is_left_over(stage: str) -> None:
    listed = tomllib.loads((ROOT / "docs" / "rules" / f"{stage}.toml").read_text(encoding="utf-8"))["rules"]
    assert set(listed) == {rule.name for rule in rules(stage)}, "every entry is in a group of the file"
    assert set(listed) == set(reasons(stage)), f"docs/rules/{stage}.toml; docs/rules/README.md says how"


def test_every_page_is_current_and_none_is_left_over() -> None:
    stale = [name for name, text in pages().items() if not _is_current(ROOT / "docs" / name, text)]
    assert [*stale, *left_over()] == [], "run: python docs/make_reference.py"


def _is_current(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_an_entry_is_whole(rule: Rule) -> None:
    assert rule.title
    assert rule.what
    assert rule.why
    assert rule.safe
    assert bool(rule.examples) != bool(rule.untested), "examples, or the reason why there are none"
    for code in rule.code:
        path, _, name = code.partition(" ")
        source = (ROOT / path).read_text(encoding="utf-8")
        assert not name or re.search(rf"^(?:def |class )?{name}\b", source, re.M), f"{name} is not in {path}"
    assert rule.code


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_an_example_happens(rule: Rule, example: Example, tmp_path: Path) -> None:
    result = result_of(example, tmp_path)
    assert result.text == (json.loads(example.after)["text"] if example.records else example.after + "\n")
    assert rule.name in rules_in(result)
    labels = {mark.label for mark in (*result.removed, *result.flagged) if mark.rule == rule.name}
    assert not rule.label or labels == {rule.label}


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.leaves], ids=lambda rule: rule.name)
def test_what_is_left_alone_stays(rule: Rule) -> None:
    assert [text for text in rule.leaves if cleaner(rule.on).clean(text + "\n").text != text + "\n"] == []


@pytest.mark.parametrize("rule", SWITCHED)
def test_a_switch_switches(rule: Rule, tmp_path: Path) -> None:
    example = rule.examples[0]
    if rule.on:
        without = Example(example.before, example.after)
        assert rule.name not in rules_in(result_of(without, tmp_path))
    else:
        assert rule.name not in rules_in(result_of(example, tmp_path, rule.off))


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_the_command_prints_the_example(rule: Rule, example: Example) -> None:
    printed = subprocess.run(
        ["bash", "-c", text_command(example.before)],
        capture_output=True,
        check=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    assert printed.stdout.decode() == example.before + "\n"
    assert "cleaner clean - --diff" in command(example)
    assert shlex.split(command(example), comments=False)


def test_the_shown_commands_work(tmp_path: Path) -> None:
    """One of each kind: plain, with settings, with the rules of a site."""
    shown = {bool(example.settings) + 2 * bool(example.site): example for rule in RULES for example in rule.examples}
    program = f"cleaner() {{ {shlex.quote(sys.executable)} -m cleaner \"$@\"; }}\n"
    for example in shown.values():
        done = subprocess.run(
            ["bash", "-c", program + command(example)],
            capture_output=True,
            cwd=tmp_path,
            env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        assert "\n+++ - (cleaned)\n" in done.stdout.decode()
