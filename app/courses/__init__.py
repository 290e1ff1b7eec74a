"""The domain: the register of courses, their materials, agreement sheets, packages, archive and letters.

register   register, get_course, get_course_for, query          a course and who may see it
materials  versions, current, add, differences                  versions of the source materials and their files
agreements open, propose, confirm, route, freeze, hand_over     one passage of section 7
sheets     of_course, get_sheet_for, send, record, rework …     agreement sheets and their rounds
printed    sheet(session, id) -> PrintedSheet                   Appendix 1 as data for a page, a print, a PDF
status     sentence(session, course) -> str                     one true sentence: whom we wait for
archive    query, get_entry_for                                 the Secretariat's archive
choices    context(session, form, subject, data) -> forms.Context   options and shown values of a task's form
letters    compose, send                                        letters in the recipient's language
bindings   BINDINGS                                             places of domain data for `x-bind`
operations OPERATIONS                                           what service tasks can ask for
"""
