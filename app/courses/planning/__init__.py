"""Planning of courses (6.1, 6.2): the yearly survey, prospective topics, the List of COOMET courses being created.

campaigns    a year's survey: recipients, answers, closing     proposals   what becomes of the materials offered
topics       the backlog of prospective topics (A51)          versions    every state an entry of the list has had
listing      the list, today or on a past day                 tables      the same as a workbook, as CSV, on paper
requests     who asked for the list and who got it (A55)      copies      the job that makes it a PDF
"""
