# program: LibreOffice Calc (Debian libreoffice-calc*)
# asks: the CSV to XLSX and back to CSV
# expects: 224 lines, the same
curl -s "$SITE/projects/export.csv" --output rows.csv
filter='Text - txt - csv (StarCalc):44,34,76,1,,1033,false,false,false'
soffice --headless --infilter='CSV:44,34,76,1,,1033,true' --convert-to xlsx rows.csv >&2
mkdir back
soffice --headless --convert-to "csv:$filter" --outdir back rows.xlsx >&2
python - <<'PYTHON'
import csv

rows, back = (list(csv.reader(open(f"{f}rows.csv", encoding="utf-8-sig"))) for f in ("", "back/"))
print(len(back), "lines,", "the same" if rows == back else "others")
PYTHON
