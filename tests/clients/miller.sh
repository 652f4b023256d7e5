# program: Miller (Debian miller)
# asks: the CSV: rows by area, the largest
# expects: priority_area=governance,count=40
curl -s "$SITE/projects/export.csv" --output rows.csv
mlr --icsv --odkvp count -g priority_area then sort -nr count then head -n 1 rows.csv
