"""In: a text that somebody pastes or sends; nothing of it is stored.
Out: which of its numbers and words the report prints, with the place.
May import: projects, and of reports the models, library and files.
"""
