"""The stage `repair`: encoding damage and characters that do not belong, put right without touching clean text."""

from cleaner.repair.reasons import REASONS
from cleaner.repair.stage import RepairStage

__all__ = ["REASONS", "RepairStage"]
