"""In: a query string, or conditions that code gives.
Out: the query as a value, its rows, facets and counts, its answers and their words.
May import: text, languages, citations, vocabulary, columns, cube, ranges, models.
"""

from .asked import CLASSIFICATIONS, FACETS, MANY_VALUED, Asked
from .filters import ProjectFilter
from .links import Links, query_of
from .offers import Offers
from .panel import Panel
from .phrases import FACET_LABELS
from .rows import Rows
from .selection import Selection, table_cube, whole_cube, whole_links
from .words import Words
