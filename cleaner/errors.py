"""What can go wrong, in the words of the person who has to put it right.

Every error that a user can cause derives from `CleanerError`; the command line prints its message and no traceback.
"""


class CleanerError(Exception):
    """Base of all errors that bad input or bad settings can cause."""


class BinaryInputError(CleanerError):
    """The bytes are no text: an archive, an image, a PDF, a program."""


class ConfigError(CleanerError):
    """A configuration file or option that cannot be understood."""


class DataError(CleanerError):
    """Labelled data or a table that breaks its format; the message names file and line."""


class LedgerError(CleanerError):
    """A ledger that is broken, or that does not belong to the text it is applied to."""


class MissingPackageError(CleanerError, ImportError):
    """A package of an extra is not installed."""


class ModelError(CleanerError):
    """A model directory that is missing, tampered with, or made for another version."""


def missing(package: str, extra: str) -> MissingPackageError:
    """The error that `package` is not installed; its message says how to install it.

    Args:
        package: what cannot be imported.
        extra: of this project, that brings it.
    """
    return MissingPackageError(f'needs the package {package}; pip install "article-cleaner[{extra}]"')
