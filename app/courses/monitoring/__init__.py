"""Monitoring of published courses (section 9): three reports a course, a dashboard, the yearly report to TC 4.

reading      the figures of a course from the platform: modules, learners, completion, attempts, answers
imports      the log export: taken in, counted piece by piece, dropped
figures      views joined without counting twice
views        activity report, participation report
completion   completion report, one participant
overview     all courses at a glance
annual       the report to a meeting of TC 4
keeping      how long details about people are kept
"""
