# program: feedparser (PyPI feedparser)
# asks: the feed of changes of projects elsewhere
# expects: atom10, well-formed, 50 entries
import os

import feedparser

feed = feedparser.parse(os.environ["SITE"] + "/elsewhere/changes.atom")
well = "not well-formed" if feed.bozo else "well-formed"
print(f"{feed.version}, {well}, {len(feed.entries)} entries")
