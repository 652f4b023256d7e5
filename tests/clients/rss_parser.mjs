// program: rss-parser (npm rss-parser)
// asks: the feed of changes of one project, which has none yet
// expects: PVE matrix: Changes to PVE-001, 0 entries
import Parser from "rss-parser";

const feed = await new Parser().parseURL(`${process.env.SITE}/projects/PVE-001/changes.atom`);
console.log(`${feed.title}, ${feed.items.length} entries`);
