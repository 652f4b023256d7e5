# program: R (Debian r-base-core)
# asks: the CSV of youth by region, with read.csv
# expects: africa 0 to 27, mena 0 to 27, asia 0 to 22, europe 0 to 12, americas 0 to 3
address <- paste0(Sys.getenv("SITE"), "/reports/region.csv?priority_area=youth")
youth <- read.csv(address, fileEncoding = "UTF-8-BOM")
cat(with(youth, sprintf("%s %d to %d", slug, low, high)), sep = ", ")
