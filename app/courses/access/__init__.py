"""Access to courses of restricted access (4.6): a key mailed to listed people, or enrolment by list.

listing     read(text, content) -> Listed           the accounts of a typed or uploaded list, and what is wrong in it
granting    send_key, enrol_list                    a list made by a coordinator or administrator begins the procedure
sealed      keep, open_key, forget                  the key, encrypted until the last letter has gone
enrolling   on the platform, with what was read back; and by hand
shown       what the forms of the procedure show
"""
