"""The documentation: pages that are made from the program are current, and every link leads somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT
from make_reference import pages
from rule_pages import STAGES, rules

DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md") if path.name != "README.md")


@pytest.mark.parametrize("name", ["reference.md", "noise-policy.md"])
def test_pages_made_from_the_program_are_current(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name], "run: python docs/make_reference.py"


def test_the_navigation_names_every_page_once() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    named = re.findall(r"- (?:[^:\n]+: )?([\w/-]+\.md)$", text[text.index("nav:") :], re.M)
    assert sorted(named + [rule.page for stage in STAGES for rule in rules(stage)]) == PAGES


@cache
def anchors(page: str) -> set[str]:
    """The places of a page that can be linked to."""
    text = re.sub(r"```.*?```", "", (DOCS / page).read_text(encoding="utf-8"), flags=re.S)
    heads = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", head.lower()).strip()) for head in heads}


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_page_and_a_place(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^):]+)\)", text):
        name, _, place = target.partition("#")
        found = (DOCS / page).parent.joinpath(name).resolve() if name else DOCS / page
        assert found.is_relative_to(DOCS), f"{target} leads out of the site"
        other = found.relative_to(DOCS).as_posix()
        assert other in PAGES, target
        assert not place or place in anchors(other), target


def test_the_site_builds(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs")
    command = [sys.executable, "-W", "ignore", "-m", "mkdocs", "build", "--strict", "--site-dir", tmp_path / "site"]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    page = (tmp_path / "site" / "rules" / "noise.html").read_text(encoding="utf-8")
    assert re.search(r'<nav.*href="repair/html_entity\.html".*</nav>', page, re.S), "the navigation has the rules"


@pytest.mark.parametrize("section", ["pandas", "polars", "Hugging Face datasets", "scikit-learn"])
def test_the_examples_of_integrations_work(section: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.chdir(tmp_path)
    text = (DOCS / "integrations.md").read_text(encoding="utf-8").split(f"\n## {section}\n")[1].split("\n## ")[0]
    for code in re.findall(r"```python\n(.*?)```", text, re.S):
        exec(code, {"__name__": "example"})
