# program: R readr (Debian r-cran-readr)
# asks: the CSV of youth by region
# expects: africa 0 to 27, mena 0 to 27, asia 0 to 22, europe 0 to 12, americas 0 to 3
address <- paste0(Sys.getenv("SITE"), "/reports/region.csv?priority_area=youth")
youth <- readr::read_csv(address, show_col_types = FALSE)
cat(with(youth, sprintf("%s %.0f to %.0f", slug, low, high)), sep = ", ")
