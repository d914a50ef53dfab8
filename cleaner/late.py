"""Patterns that are compiled when they are first used: most runs of the program need few of the many there are."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, AnyStr, cast


def late(form: AnyStr | Callable[[], AnyStr], flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, as soon as something is asked of it.

    Args:
        form: the pattern, or what makes it.
        flags: as `re.compile` takes them.
    """
    return cast("re.Pattern[AnyStr]", _Late(form, flags))


class _Late:
    """Stands for a pattern; what was asked for once is kept, and costs no more than of the pattern itself."""

    def __init__(self, form: Any, flags: int) -> None:
        self._form = form
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(self._form() if callable(self._form) else self._form, self._flags), name)
        setattr(self, name, value)
        return value
