"""What a person reads of results: a unified diff, figures, a page that shows what changed."""

from cleaner.report.tally import Tally, by_count, listed

__all__ = ["Tally", "by_count", "listed"]
