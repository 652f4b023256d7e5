# program: xmllint (Debian libxml2-utils)
# asks: the feed by the schema of RFC 4287, and addresses of a sitemap
# expects: feed.xml validates, 223 projects in English
curl -s "$SITE/projects/changes.atom" --output feed.xml
curl -s "$SITE/sitemap-projects.xml" --output map.xml
xmllint --noout --relaxng "$(dirname "$0")/../data/atom.rng" feed.xml 2>&1 | tr '\n' ','
count=$(xmllint --xpath "count(//*[local-name()='loc'][starts-with(., '$SITE/projects/PVE-')])" map.xml)
echo " $count projects in English"
