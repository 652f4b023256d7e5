"""The report itself: its text paragraph by paragraph, and what it says, as pages and files."""
