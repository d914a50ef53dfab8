"""Writes the pages that are made from the program: every option of the command line, the noise policy, the rules.

python docs/make_reference.py
"""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click
import rule_pages

from cleaner.cli import COMMANDS, cli
from cleaner.policy import labels

FOLDER = Path(__file__).parent

HEAD = """# Every option

Made from the program by `python docs/make_reference.py`; `cleaner COMMAND --help` says the same. [The command
line](cli.md) tells what the commands are for.
"""


def reference() -> str:
    """The page."""
    root = click.Context(cli, info_name="cleaner")
    parts = [HEAD]
    for name in COMMANDS:
        command = cli.get_command(root, name)
        assert command is not None
        parts += _section(command, click.Context(command, root, info_name=name), 2)
    return "\n".join(parts)


def _section(command: click.Command, context: click.Context, level: int) -> Iterator[str]:
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"{'#' * level} {context.command_path}\n"
    yield f"```\n{context.command_path} {usage}\n```\n"
    yield f"{_paragraphs(cleandoc(command.help or ''))}\n"
    records = (parameter.get_help_record(context) for parameter in command.params)
    rows = [f"| `{_cell(record[0])}` | {_cell(record[1])} |" for record in records if record and record[1]]
    if rows:
        yield "\n".join(["| option | |", "|---|---|", *rows, ""])
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _section(inner, click.Context(inner, context, info_name=name), level + 1)


def _paragraphs(text: str) -> str:
    """Help as Markdown: what click must not wrap becomes a block of code."""
    blocks = (block.strip("\n") for block in text.replace("\f", "").split("\n\n"))
    return "\n\n".join(
        "```\n" + block.removeprefix("\b\n") + "\n```" if block.startswith("\b") else block for block in blocks if block
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


POLICY_HEAD = """# The noise policy

What counts as noise, and what happens to it unless you say otherwise (`--remove LABEL`, `--keep LABEL`). Every removal
has one of these labels, in the ledger and in `result.removed`. Made from `training_data/labels.toml` by
`python docs/make_reference.py`; `cleaner labels` prints the same.
"""

ACTIONS = {"remove": "Removed", "flag": "Flagged, and left in the text", "keep": "Kept"}


def policy() -> str:
    """The page of labels."""
    parts = [POLICY_HEAD]
    for action, title in ACTIONS.items():
        parts.append(f"## {title}\n")
        for label in labels().values():
            if label.action == action:
                examples = "\n".join(f"> {_cell(example)}\n>" for example in label.examples).removesuffix("\n>")
                parts.append(f"### {label.name}\n\n{label.definition}\n\n{examples}\n")
    return "\n".join(parts)


def pages() -> dict[str, str]:
    """Every page that is made, by its path in `docs/`."""
    return {"reference.md": reference(), "noise-policy.md": policy(), **rule_pages.pages()}


if __name__ == "__main__":
    for page in rule_pages.left_over():
        page.unlink()
    for name, text in pages().items():
        path = FOLDER / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
