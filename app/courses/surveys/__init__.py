"""Learners' satisfaction (11, Appendix 3): an anonymous questionnaire for each course, analysed once a quarter.

questionnaires  the link of a course, its QR code, whether it is open
answering       taking an answer: checked, counted once, limited without knowing who sends (S58)
pages           the nonce of a shown form; no cookie, no session
pace            how many answers a process takes in how short a time
quarters        calendar quarters (A38) and what they are called
figures         counts by course and quarter, by SQL alone; the yearly report takes its table from here (11.3)
drawn           the figures as charts
readers         who may see the figures, and who the comments
calendar        the rule that lets every published course be analysed after each quarter
analyses        figures frozen, conclusions, the administrator's confirmation (11.2)
shown           what the forms of the procedure show
tables          the figures as CSV and workbook

Kept of an answer are the marks, the suggestions, the dates of participation and the day on which it came: no name, no
address, no session, no moment, and nothing in the evidence or in the log of requests.
"""
