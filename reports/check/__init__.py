"""A text that somebody pastes, and which of its numbers the register's report prints."""
