"""Actualisation and annulment of published courses (section 13).

calendar    next_due(session, course), plan(session, course)   when a course is checked again (13.1, A42)
checking    begin_early, open_check, conclude, close           the joint check with its three conclusions (13.2, A43)
deciding    decide(session, course, check, …)                  TC 4's decision; nothing else annuls a course (13.5)
renewing    propose, waive, submit, enact, put_in_force        a new version while the old one stays (13.3, 13.4)
overdue     listed(session, actor, …)                          courses by the day by which they must be checked
"""
