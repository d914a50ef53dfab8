"""The command line. One file per command, imported only when it is called: `cleaner --help` imports none of them.

Exit codes: 0 done, 1 `--check` found something, 2 the call cannot be understood, 123 a file failed (the others are
done). Whatever goes wrong is one line on standard error that names the place and what to do; never a traceback, unless
the environment variable CLEANER_DEBUG is set.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import Any, NoReturn

import click

from cleaner import __version__
from cleaner.cli.streams import FAILED, INTERRUPTED, USAGE, BrokenOutput, abandon_output, say
from cleaner.cycles import leave_all
from cleaner.errors import CleanerError, ConfigError
from cleaner.hints import did_you_mean

COMMANDS = {
    "clean": "Clean files, folders or standard input.",
    "undo": "Get the original bytes back from a cleaned file and its ledger.",
    "explain": "Say why each span was changed, removed or flagged.",
    "words": "List the words of a site, for --allow-words.",
    "sites": "Learn what repeats across the pages of a site.",
    "labels": "Show the noise policy; check and import labelled documents.",
    "models": "List the models; check that they are whole.",
    "train": "Train a model.",
    "evaluate": "Measure a model, and hold its floors.",
    "completion": "Print the completion script for a shell.",
}


class Commands(click.Group):
    """The group of all commands: loads them lazily, and turns every error into one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"cleaner.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called; a wrong name is answered with the nearest one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            hint = did_you_mean(args[0], COMMANDS, f"commands: {', '.join(COMMANDS)}")
            raise click.UsageError(f"no command '{args[0]}'; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list on the help page, which needs no command to be imported."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what is no usage error is settled here, before click can print it."""
        try:
            return super().invoke(ctx)
        except CleanerError as error:
            _fail(str(error), USAGE if isinstance(error, ConfigError) else FAILED)
        except BrokenOutput as error:
            abandon_output()
            if error.reason:
                _fail(f"standard output: {error.reason}", FAILED)
            raise click.exceptions.Exit(128 + 13) from error  # as if SIGPIPE had ended us
        except (click.ClickException, click.exceptions.Exit, click.Abort, KeyboardInterrupt):
            raise
        except Exception as error:
            if os.environ.get("CLEANER_DEBUG"):
                raise
            _fail(_words(error), FAILED)

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """Run a command line; errors of usage are one line as well. The arguments are those of `click.Group.main`."""
        run = partial(super().main, *args, standalone_mode=False, **extra)
        if not standalone_mode:
            return run()
        sys.exit(_exit_code(run))


def _exit_code(run: Callable[[], Any]) -> int:
    try:
        code = run()
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return USAGE
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "cleaner"
        say(f"{' '.join(error.format_message().split())} (see '{path} --help')")
        return USAGE
    except click.ClickException as error:
        say(" ".join(error.format_message().split()))
        return FAILED
    except (click.Abort, KeyboardInterrupt):
        abandon_output()
        say("interrupted")
        return INTERRUPTED
    return code if isinstance(code, int) else 0


def _fail(message: str, code: int) -> NoReturn:
    say(message)
    raise click.exceptions.Exit(code)


def _words(error: Exception) -> str:
    """An error that nobody foresaw, in one line."""
    if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
        return f"{error.filename}: {error.strerror}" if error.filename else f"{error.strerror}"
    if isinstance(error, MemoryError):
        return "out of memory; give smaller files"
    return f"internal error, please report it: {type(error).__name__}: {error} (CLEANER_DEBUG=1 shows where)"


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="cleaner", message="%(prog)s %(version)s")
def cli() -> None:
    """Clean scraped article text: repair its encoding, remove injected noise, fix typos. Every edit can be undone.

    \b
    cleaner clean page.txt > clean.txt              one file, to standard output
    cleaner clean pages/ -o clean/ --ledger L       a folder, with a ledger of every edit
    cleaner undo clean/a.txt --ledger L             the original bytes again
    """


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit."""
    try:
        cli.main(args, prog_name="cleaner")
    finally:
        leave_all()
    raise AssertionError("click has not exited")
