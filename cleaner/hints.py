"""What a message says of a name that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str], otherwise: str, prefix: str = "") -> str:
    """The nearest known name as a question.

    Args:
        name: what was given.
        known: the names there are.
        otherwise: what is said where none of them is near.
        prefix: what stands before the name where the user has to write it.
    """
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), n=1)
    return f"did you mean '{prefix}{near[0]}'?" if near else otherwise


__all__ = ["did_you_mean"]
