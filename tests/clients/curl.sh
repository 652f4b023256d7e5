# program: curl (Debian curl)
# asks: a file cut off and resumed, and an unchanged file
# expects: the same file, 206, 304
address="$SITE/projects/export.csv"
curl -s "$address" --output whole.csv --etag-save tag
head -c 1000 whole.csv > part.csv
resumed=$(curl -s -C - "$address" --output part.csv --write-out '%{http_code}')
cmp whole.csv part.csv && printf 'the same file, %s, ' "$resumed"
curl -s "$address" --etag-compare tag --output unchanged --write-out '%{http_code}\n'
