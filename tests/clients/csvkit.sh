# program: csvkit (Debian csvkit)
# asks: the CSV: rows, and those that name UNESCO
# expects: 223, 4
curl -s "$SITE/projects/export.csv" --output rows.csv
all=$(csvstat --count rows.csv)
named=$(csvgrep -c entities -r UNESCO rows.csv | csvstat --count)
echo "$all, $named"
