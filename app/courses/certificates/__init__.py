"""Certificates of participation (section 10): asked for by learners, decided by an administrator, verified by anybody.

asking      ask(session, course_id, account, locale)              a learner asks; nobody is told whether they take part
eligibility judge(results, modules) -> Verdict                    what Moodle's results amount to (R10.1-b…d)
checking    keep_check, keep_word                                 the finding and its evidence on the request
issuing     issue(session, request_id, by)                        a number, once for a learner of a course (A32)
correcting  revoke, correct                                       with a reason; a correction has a number of its own
register    query, find_by_code                                   for the office, and for whoever verifies
batches     start, progress                                       a list of requests issued in one action
letters     tell(session, request_id, letter, instance)           to the address of the platform's account (R10.3-a)
inspection  check(session, root)                                  V17
"""
