"""What is wrong in a row of a file of projects elsewhere."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """A row that is not taken: its number from 1 (0 is the whole file), and why, in English."""

    row: int
    identifier: str
    sentence: str
