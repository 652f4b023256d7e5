"""Scripts that ask the site by other people's programs, and what each has to print."""
