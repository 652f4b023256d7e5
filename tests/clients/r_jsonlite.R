# program: R jsonlite (Debian r-cran-jsonlite)
# asks: youth in Africa; rows of a page
# expects: range 0 27, 223 rows
library(jsonlite)
site <- paste0(Sys.getenv("SITE"), "/api/v1")
answer <- fromJSON(paste0(site, "/answers/?priority_area=youth&region=africa"))$answer
rows <- fromJSON(paste0(site, "/projects/?per_page=500"))$results
cat(answer$state, answer$low, paste0(answer$high, ","), nrow(rows), "rows")
