"""Open tasks: who may see, take and complete them.

get_task_for(session, actor, task_id) -> Opened     task, instance, element, form; NotFound/Denied read the same (S38)
claim(session, actor, task_id) ; give_back(session, actor, task_id)
complete(session, actor, task_id, values, *, nonce, revision, files=()) -> Completion
    `values` as typed (forms.parse(...).values); raises Invalid(fields), Conflict; the same nonce again = same answer
data_of(session, task) -> the data the task sees (runs the engine: for the task's own page only)
"""
