# program: feedparser (PyPI feedparser)
# asks: the feed of changes of projects on youth, before one has changed
# expects: atom10, well-formed, 0 entries
import os

import feedparser

feed = feedparser.parse(os.environ["SITE"] + "/projects/changes.atom?priority_area=youth")
well = "not well-formed" if feed.bozo else "well-formed"
print(f"{feed.version}, {well}, {len(feed.entries)} entries")
