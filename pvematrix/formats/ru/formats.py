# Django's end with the full stop of "г.", which would be a second one at the end of a sentence.
DATE_FORMAT = "j E Y"
YEAR_MONTH_FORMAT = "F Y"
