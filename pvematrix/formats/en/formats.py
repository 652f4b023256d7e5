"""Dates and times of the desk as on the public pages; times are UTC."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"
