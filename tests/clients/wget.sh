# program: Wget (Debian wget)
# asks: a page, all that it links to, and what each answers
# expects: 0 links broken
wget --recursive --level=1 --no-verbose --execute robots=off \
  --directory-prefix=copy "$SITE/reports/" 2> log || true
test "$(find copy -type f | wc -l)" -gt 30
echo "$(grep -c 'ERROR [45]' log || true) links broken"
