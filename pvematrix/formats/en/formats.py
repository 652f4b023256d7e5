"""Dates of the desk as on the public pages: ISO 8601, UTC."""

DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = "Y-m-d H:i"
