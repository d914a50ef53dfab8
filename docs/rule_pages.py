"""A page for each rule, and the tables of rules on the page of each stage, made from `docs/rules/*.toml`.

`python docs/make_reference.py` writes them; `docs/rules/README.md` says what stands in the tables. MkDocs calls
`on_config` (a hook, see `mkdocs.yml`), so that the navigation has every page without naming it.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "rules"
STAGES = ("decode", "repair", "noise", "typos")


@dataclass(frozen=True)
class Example:
    """A text, and what comes out.

    Attributes:
        before, after: the texts, without the line end of their last line; JSON Lines if `records`.
        settings: lines of a `cleaner.toml` that it takes.
        site: the rules of a site (the text of its TOML file) that it takes.
        records: whether the texts are JSON Lines with a field `text`.
    """

    before: str
    after: str
    settings: str = ""
    site: str = ""
    records: bool = False


@dataclass(frozen=True)
class Rule:
    """One table of `rules` in a TOML file, with what it takes over from its group; see `docs/rules/README.md`."""

    name: str
    stage: str
    group: str
    title: str
    what: str
    why: str
    safe: str
    code: tuple[str, ...]
    examples: tuple[Example, ...] = ()
    leaves: tuple[str, ...] = ()
    label: str = ""
    on: str = ""
    off: str = ""
    option: str = ""
    untested: str = ""

    @property
    def page(self) -> str:
        return f"rules/{self.stage}/{self.name}.md"


@dataclass(frozen=True)
class Group:
    """Rules that stand in one table, under a heading of their own."""

    title: str
    about: str
    rules: tuple[Rule, ...]


@cache
def groups(stage: str) -> tuple[Group, ...]:
    """The rules of a stage, in the order of the file."""
    table = tomllib.loads((FOLDER / f"{stage}.toml").read_text(encoding="utf-8"))
    found = []
    for name, group in table["groups"].items():
        shared = {key: value for key, value in group.items() if key not in ("title", "about")}
        rules = (
            _rule(rule, stage, {**shared, **entry}) for rule, entry in table["rules"].items() if entry["group"] == name
        )
        found.append(Group(group["title"], group["about"].strip(), tuple(rules)))
    return tuple(found)


def rules(stage: str) -> list[Rule]:
    """All rules of a stage."""
    return [rule for group in groups(stage) for rule in group.rules]


def reasons(stage: str) -> dict[str, str]:
    """The rules of a stage as the program knows them: the sentence that the ledger has for each."""
    found: dict[str, str] = import_module(f"cleaner.{stage}").REASONS
    return found


def _rule(name: str, stage: str, entry: dict[str, Any]) -> Rule:
    examples = []
    for example in entry.pop("examples", ()):
        settings = "\n".join(part for part in (entry.get("on", ""), example.pop("settings", "")) if part)
        examples.append(Example(**example, settings=settings))
    for key in ("code", "leaves"):
        entry[key] = tuple(entry.get(key, ()))
    filled = {key: _filled(value, name, entry) if isinstance(value, str) else value for key, value in entry.items()}
    return Rule(name=name, stage=stage, examples=tuple(examples), **filled)


def _filled(text: str, name: str, entry: dict[str, Any]) -> str:
    return text.replace("{rule}", name).replace("{label}", entry.get("label", "")).strip()


# ------------------------------------------------------------------------------------------------------------- pages


def pages() -> dict[str, str]:
    """Every page that is made from the tables, by its path in `docs/`: one for each rule, and those of the stages."""
    made = {rule.page: "\n\n".join(_parts(rule)) + "\n" for stage in STAGES for rule in rules(stage)}
    return made | {f"rules/{stage}.md": _with_tables(stage) for stage in STAGES}


def left_over() -> list[Path]:
    """Pages that were made once and belong to no rule any more."""
    wanted = {rule.page for stage in STAGES for rule in rules(stage)}
    found = sorted(FOLDER.glob("*/*.md"))
    return [page for page in found if page.relative_to(FOLDER.parent).as_posix() not in wanted]


def _parts(rule: Rule) -> Iterator[str]:
    source = f"docs/rules/{rule.stage}.toml"
    yield f"<!-- Made from {source} by `python docs/make_reference.py`: change it there. -->"
    yield f"# {rule.title}"
    group = next(group for group in groups(rule.stage) if rule in group.rules)
    label = f" Label: [`{rule.label}`](../../noise-policy.md#{rule.label})." if rule.label else ""
    yield (
        f"Rule `{rule.name}` of the stage [{rule.stage}](../{rule.stage}.md#{_anchor(group.title)}).{label} What the "
        f"[ledger](../../ledger.md) says: *{_prose(reasons(rule.stage)[rule.name].rstrip('.'))}.*"
    )
    yield f"{rule.what}\n\n**Why.** {rule.why}"
    yield "## Example" if len(rule.examples) == 1 else "## Examples"
    yield from map(_example, rule.examples)
    if rule.untested:
        yield rule.untested
    yield f"## How safe it is\n\n{rule.safe}"
    if rule.leaves:
        yield "Stays as it is, for example:"
        gap = "\n\n" if any("\n" in text for text in rule.leaves) else "\n"
        yield f"```text\n{gap.join(map(_shown, rule.leaves))}\n```"
    yield from _switch(rule)
    code = ", ".join(f"`{name}` in `{path}`" if name else f"`{path}`" for path, _, name in map(_place, rule.code))
    yield f"## Where it is\n\n{code}. This page: the table `[rules.{rule.name}]` in `{source}`."


def _place(code: str) -> tuple[str, str, str]:
    return code.partition(" ")


def _example(example: Example) -> str:
    lines = difflib.ndiff(_shown(example.before).split("\n"), _shown(example.after).split("\n"))
    diff = "\n".join(f"{line[0]}{line[2:]}".rstrip() for line in lines if line[0] != "?")
    note = ""
    if _shown(example.before) != example.before:
        note = "\n\n(What cannot be seen, or not well, is written as `\\u` and its number.)"
    return f"```diff\n{diff}\n```{note}\n\nTry it:\n\n```sh\n{command(example)}\n```"


def _switch(rule: Rule) -> Iterator[str]:
    if rule.on:
        yield f"## Switch it on\n\nIt is off unless `cleaner.toml` says:\n\n```toml\n{rule.on}\n```"
    elif rule.off:
        yield f"## Switch it off\n\nIn `cleaner.toml`:\n\n```toml\n{rule.off}\n```"
    else:
        yield f"## Switch it off\n\n{_no_switch(rule)}"
    if rule.option:
        yield rule.option


def _no_switch(rule: Rule) -> str:
    if rule.stage == "decode":
        return "It cannot be switched off."
    return f"It has no switch of its own; `--skip {rule.stage}` leaves out the whole stage."


# ------------------------------------------------------------------------------------------------------ shell commands


def command(example: Example) -> str:
    """The command line that shows an example."""
    text, clean = text_command(example.before), "| cleaner clean - --diff"
    if example.settings:
        clean += f" --config <({text_command(example.settings)})"
    if example.site:
        clean += " --site courier.toml"
        text = f"{text_command(example.site)} > courier.toml\n{text}"
    last = text.rpartition("\n")[2]
    return f"{text} {clean}" if text == last and len(f"{last} {clean}") < _WIDTH else f"{text} \\\n  {clean}"


_WIDTH = 80
"""Characters of a command that can be seen without scrolling, more or less."""


def text_command(text: str) -> str:
    """The command of a shell (bash, zsh) that prints a text and a line end."""
    if _shown(text) != text:
        escaped = _shown(text.replace("\\", "\\\\").replace("%", "%%")).replace("\n", "\\n")
        return "printf " + _quoted(escaped + "\\n")
    if "\n" in text or "\\" in text:
        return " \\\n  ".join(["printf '%s\\n'", *map(_quoted, text.split("\n"))])
    return f"echo {_quoted(text)}"


def _quoted(text: str) -> str:
    if "'" not in text:
        return f"'{text}'"
    return f'"{text}"' if not re.search(r'["$`\\!]', text) else "'" + text.replace("'", "'\\''") + "'"


def _shown(text: str) -> str:
    return "".join(map(_escaped, text))


def _escaped(char: str) -> str:
    """A character as it can be seen: itself, or its number."""
    if char == "\n" or (char.isprintable() and not unicodedata.combining(char) and char != "\u3000"):
        return char
    return f"\\x{ord(char):02x}" if char < "\x80" else f"\\u{ord(char):04x}"


# ------------------------------------------------------------------------------------------------------------- tables

_TABLES = re.compile("(?<=<!-- rules -->\n).*?(?=<!-- end of rules -->)", re.DOTALL)


def _with_tables(stage: str) -> str:
    """The page of a stage, written by hand but for the tables of its rules."""
    text = (FOLDER / f"{stage}.md").read_text(encoding="utf-8")
    tables = "\n\n".join(part for group in groups(stage) for part in _table(group))
    return _TABLES.sub(lambda _: f"\n{tables}\n\n", text, count=1)


def _table(group: Group) -> Iterator[str]:
    yield f"## {group.title}"
    yield group.about
    rows = [
        f"| [`{rule.name}`]({rule.stage}/{rule.name}.md) | {_cell(_prose(reasons(rule.stage)[rule.name]).rstrip('.'))} "
        f"| {_cell(_excerpt(rule.examples[0])) if rule.examples else ''} |"
        for rule in group.rules
    ]
    yield "\n".join(["| rule | what | example |", "|---|---|---|", *rows])


_LONGEST = 48


def _excerpt(example: Example) -> str:
    """The place that an example changes, with a word on either side."""
    before, after = example.before, example.after
    if before == after or example.records:
        return ""
    start = len(_common(before, after))
    rest = len(_common(before[start:][::-1], after[start:][::-1]))
    gone, come = before[start : len(before) - rest], after[start : len(after) - rest]
    if not come.strip() and len(gone.split()) > 1:
        return f"{_code(gone.strip())} → nothing"
    start = max(before.rfind(" ", 0, max(start - 1, 0)), before.rfind("\n", 0, max(start - 1, 0))) + 1
    ends = [at for sign in " \n" if (at := before.find(sign, len(before) - rest)) >= 0]
    rest = len(before) - min(ends, default=len(before))
    return f"{_code(before[start : len(before) - rest])} → {_code(after[start : len(after) - rest])}"


def _common(one: str, other: str) -> str:
    length = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:length]


def _code(text: str) -> str:
    shown = _shown(text).replace("\n", "⏎")
    return f"`{shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + '…'}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _prose(text: str) -> str:
    """A sentence of the program as Markdown."""
    return re.sub(r"(\\[ux][.\w]*|<U\+\S+>|%20)", r"`\1`", text)


def _anchor(title: str) -> str:
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", title.lower()).strip())


# --------------------------------------------------------------------------------------------------------- navigation


def on_config(config: Any) -> Any:
    """A hook of MkDocs: the page of a stage becomes a section, with the pages of its rules behind it."""
    config.nav = _expanded(config.nav)
    return config


def _expanded(nav: Any) -> Any:
    if isinstance(nav, list):
        return [_expanded(part) for part in nav]
    if isinstance(nav, dict):
        return {title: _expanded(part) for title, part in nav.items()}
    stage = nav.removeprefix("rules/").removesuffix(".md")
    if nav != f"rules/{stage}.md" or stage not in STAGES:
        return nav
    return [{"All rules": nav}, *({rule.name: rule.page} for rule in rules(stage))]
