"""In: a file that somebody sends, or what a page of the desk changes.
Out: a batch that waits, its plan and preview, and what it wrote, which can be undone.
May import: what is on floors below it, such as history, models, exports, places, gate and evidence.
"""
