# program: R (Debian r-base-core)
# asks: the three questions of docs/analysts.md
# expects: range 0 27 Young Peacebuilders Youth Solidarity Fund 223 rows, 12 described
sed -n '/^## Three questions/,/^## How/p' "$(dirname "$0")/../../docs/analysts.md" |
    sed -n '/^```r$/,/^```$/p' | sed "/^\`\`\`/d; s|http://127.0.0.1:8000|$SITE|" > three.R
Rscript --vanilla three.R
