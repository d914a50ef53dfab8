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


class ModelError(CleanerError):
    """A model directory that is missing, tampered with, or made for another version."""
