"""A cube as a pandas DataFrame, for tables of two dimensions.

pandas takes 0.4 s and 34 MB to import: list, overview, project page and CSV do without it, and
views import this module only where they need it.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import pandas as pd

from projects.cube import BASES, VOCABULARIES, Combination, Cube
from projects.vocabulary import REGION_COLUMNS, Basis

# The label of the margins of a table; no slug is empty.
ALL = ""
COUNT = "projects"


def frame(cube: Cube) -> pd.DataFrame:
    """Return the cube with a row per combination; regions are booleans, `projects` counts."""
    table = pd.DataFrame.from_records(list(cube.combinations), columns=Combination._fields)
    # A frame without rows would have no such types.
    return table.astype({**dict.fromkeys(REGION_COLUMNS.values(), bool), COUNT: int})


def by_region(table: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with a row per combination and region; it counts mentions."""
    parts = [
        table[table[column]].assign(region=region) for region, column in REGION_COLUMNS.items()
    ]
    return pd.concat(parts, ignore_index=True)


def number(table: pd.DataFrame, row: str, column: str) -> int:
    return int(cast(int, table.at[row, column]))


@dataclass(frozen=True)
class Tabulation:
    """Two dimensions at once, as tables of equal shape with a margin ALL on either side.

    `projects` are counted once in every cell and margin; `allocated` are those with an allocated
    value there.
    """

    projects: pd.DataFrame
    allocated: pd.DataFrame

    @property
    def documented(self) -> pd.DataFrame:
        return self.projects - self.allocated


# Entities with the cubes of their projects; empty where neither dimension is "entity".
EntityCubes = tuple[tuple[str, Cube], ...]


@lru_cache(maxsize=64)
def tabulate(cube: Cube, rows: str, columns: str, entities: EntityCubes = ()) -> Tabulation:
    """Return the cross-table of a cube, cached by content: callers must not change it."""
    base = frame(cube)
    parts = [frame(one).assign(entity=acronym) for acronym, one in entities]
    sources = (base, pd.concat(parts, ignore_index=True) if parts else base)
    dimensions = (rows, columns)
    values = [
        [acronym for acronym, _cube in entities] if one == "entity" else VOCABULARIES[one].values
        for one in dimensions
    ]

    if "region" in dimensions:
        # A project without a region is in no cell of such a table, and so in none of its totals.
        sources = (_with_region(sources[0]), _with_region(sources[1]))
    allocated = (_allocated(sources[0], dimensions), _allocated(sources[1], dimensions))
    return Tabulation(
        _with_margins(sources, dimensions, values), _with_margins(allocated, dimensions, values)
    )


def _with_region(table: pd.DataFrame) -> pd.DataFrame:
    return table[table[list(REGION_COLUMNS.values())].any(axis=1)]


def _allocated(table: pd.DataFrame, dimensions: tuple[str, str]) -> pd.DataFrame:
    bases = [BASES[one] for one in dimensions if one in BASES]
    return table[(table[bases] == Basis.ALLOCATED.value).any(axis=1)]


def _with_margins(
    sources: tuple[pd.DataFrame, pd.DataFrame], dimensions: tuple[str, str], values: list[list[str]]
) -> pd.DataFrame:
    base, by_entity = sources
    whole = pd.DataFrame(0, index=[*values[0], ALL], columns=[*values[1], ALL])

    def sums(*by: str) -> pd.Series:
        table = by_entity if "entity" in by else base
        return (by_region(table) if "region" in by else table).groupby(list(by))[COUNT].sum()

    cells = sums(*dimensions).unstack(fill_value=0)
    cells = cells.reindex(index=values[0], columns=values[1], fill_value=0)
    whole.loc[values[0], values[1]] = cells
    whole.loc[values[0], ALL] = sums(dimensions[0]).reindex(values[0], fill_value=0)
    whole.loc[ALL, values[1]] = sums(dimensions[1]).reindex(values[1], fill_value=0)
    whole.loc[ALL, ALL] = base[COUNT].sum()
    return whole.astype(int)
