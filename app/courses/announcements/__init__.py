"""Announcement of published courses (section 12): invitations to the NMIs and the list on the portal.

contacts    of_nmis(session, on) -> list[Contact]              every active NMI's contacts, and NMIs that have none
inviting    invite(session, course, instance, …)               one letter a contact; the same call never sends a second
log         rows(session, course) -> list[Entry]               recipient by recipient: waiting, sent, refused
"""
