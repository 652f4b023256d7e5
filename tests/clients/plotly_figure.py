# program: plotly (PyPI plotly)
# asks: the figure of scopes: its bars
# expects: bar, Global 82, Regional 66, National 75
import os
from urllib.request import urlopen

from plotly import io

figure = io.from_json(urlopen(os.environ["SITE"] + "/reports/scope/figure.json").read())
bars = figure.data[0]
numbers = [f"{name} {number}" for name, number in zip(bars.y, bars.x, strict=True)]
print(", ".join([bars.type, *numbers]))
