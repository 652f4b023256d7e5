"""Real projects that public sources publish. Nobody says that they are among those counted.

In come files of other publishers and people's judgements; out go pages, files and charts of their
own. It may import all below `views`; nothing that counts imports it.
"""
