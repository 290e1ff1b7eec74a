"""Expert review and approval of courses (section 8, Appendix 2).

criteria   findings(session, course) -> Findings       what the program finds out by itself, criterion by criterion
deciding   decide(session, course, decision, …)        the form of Appendix 2, judged on the server and kept for good
kept       latest, of_course, get_form_for, is_approved  forms that were filled in
printed    form(session, id) -> PrintedForm            Appendix 2 as data for a page, a print, a PDF
"""
