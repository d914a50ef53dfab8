"""Clean scraped article text, with an exact, reversible ledger of every edit.

>>> from cleaner import clean
>>> clean("It opens at six.The queue was long.")
'It opens at six. The queue was long.'
"""

from cleaner.config import CleanConfig
from cleaner.pipeline import Cleaner, clean
from cleaner.result import CleanResult

__version__ = "0.1.0"
__all__ = ["CleanConfig", "CleanResult", "Cleaner", "__version__", "clean"]
