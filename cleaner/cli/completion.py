"""`cleaner completion`: the script with which a shell completes commands, options and file names."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from cleaner.cli.settings import Choice
from cleaner.cli.streams import emit_text

SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=Choice(SHELLS), metavar="SHELL")
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the completion script for bash, zsh or fish.

    \b
    bash    cleaner completion bash > ~/.local/share/bash-completion/completions/cleaner
    zsh     cleaner completion zsh > ~/.zfunc/_cleaner
    fish    cleaner completion fish > ~/.config/fish/completions/cleaner.fish
    """
    completion = get_completion_class(shell)
    assert completion is not None
    emit_text(completion(context.find_root().command, {}, "cleaner", "_CLEANER_COMPLETE").source() + "\n")
