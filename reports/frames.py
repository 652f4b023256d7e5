"""A cube as a pandas DataFrame, and what analysis does with it: the layer under every table of two.

One row per combination of values, with its number of `projects`. pandas takes 0.4 s and 34 MB to
import: list, overview, project page and CSV do without, and views import this module when asked.
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
    """Return the cube with a row per combination; regions are truth values, `projects` counts."""
    table = pd.DataFrame.from_records(list(cube.combinations), columns=Combination._fields)
    # A frame without rows would not know.
    return table.astype({**dict.fromkeys(REGION_COLUMNS.values(), bool), COUNT: int})


def by_region(table: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with a row per combination and region: its counts are mentions."""
    parts = [
        table[table[column]].assign(region=region) for region, column in REGION_COLUMNS.items()
    ]
    return pd.concat(parts, ignore_index=True)


def number(table: pd.DataFrame, row: str, column: str) -> int:
    """Return a cell as a plain number."""
    return int(cast(int, table.at[row, column]))


@dataclass(frozen=True)
class Tabulation:
    """Two dimensions at once, as tables of equal shape with a margin ALL on either side.

    `projects` are counted once in every cell and in every margin; `allocated` of them are there
    by allocation.
    """

    projects: pd.DataFrame
    allocated: pd.DataFrame

    @property
    def documented(self) -> pd.DataFrame:
        """Projects that are in their cell by no allocation."""
        return self.projects - self.allocated


# Entities with the cubes of their projects; nothing where no dimension is that of entities.
EntityCubes = tuple[tuple[str, Cube], ...]


@lru_cache(maxsize=64)
def tabulate(cube: Cube, rows: str, columns: str, entities: EntityCubes = ()) -> Tabulation:
    """Return the cross-table of a cube by two dimensions.

    Kept by content, so that one cube is tabulated once; who gets it does not change it.
    """
    base = frame(cube)
    parts = [frame(one).assign(entity=acronym) for acronym, one in entities]
    sources = (base, pd.concat(parts, ignore_index=True) if parts else base)
    dimensions = (rows, columns)
    values = [
        [acronym for acronym, _cube in entities] if one == "entity" else VOCABULARIES[one].values
        for one in dimensions
    ]

    def table(sources: tuple[pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
        return _with_margins(sources, dimensions, values)

    # A project without any region stands in no cell of a table by region, and so in no total of it.
    counted = sources
    if "region" in dimensions:
        counted = (_with_region(sources[0]), _with_region(sources[1]))
    projects = table(counted)
    allocated = table((_allocated(counted[0], dimensions), _allocated(counted[1], dimensions)))
    return Tabulation(projects, allocated)


def _with_region(table: pd.DataFrame) -> pd.DataFrame:
    return table[table[list(REGION_COLUMNS.values())].any(axis=1)]


def _allocated(table: pd.DataFrame, dimensions: tuple[str, str]) -> pd.DataFrame:
    bases = [BASES[one] for one in dimensions if one in BASES]
    return table[(table[bases] == Basis.ALLOCATED.value).any(axis=1)]


def _with_margins(
    sources: tuple[pd.DataFrame, pd.DataFrame],
    dimensions: tuple[str, str],
    values: list[list[str]],
) -> pd.DataFrame:
    """Return the sums by both dimensions, by each alone and of all, every project once in each."""
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


def side_by_side(a: Cube, b: Cube, dimension: str) -> pd.DataFrame:
    """Return two cubes' counts by a dimension as columns `a`, `b` and `difference` (b − a)."""
    table = pd.DataFrame({"a": a.counts(dimension), "b": b.counts(dimension)})
    return table.assign(difference=table["b"] - table["a"])
