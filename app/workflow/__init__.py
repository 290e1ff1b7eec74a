"""Running procedures: releases, instances, tasks, submissions, deadlines, jobs, incidents.

Knows no course and no Moodle: what a service task asks for is an operation that other parts register, and what a task
is about is an opaque subject. Every function takes the session first and none commits. Read `instances` first.
"""
