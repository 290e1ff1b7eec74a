"""Documents of the recommendation: the form of an appendix as PDF in both languages, archived for good.

facts      what a template may speak of, as plain data in one language
pages      the release's template, filled, with the assets it refers to
making     the job: fill, render, seal, archive
fonts      typefaces that go into the documents
kept       the archived files of a document, for those who may read it
"""
