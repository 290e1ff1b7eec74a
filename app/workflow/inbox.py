"""What waits for a person: an indexed query that never runs the engine.

query(session, actor, view="mine"|"roles"|"done", *, search="", sort="due"|"newest"|"oldest", after=None, size=50)
    -> Page(rows: tuple[Row], next: str | None)       `after` is the previous page's `next`
counts(session, actor) -> Counts(mine, roles, overdue, capped)   each counted up to a bound
Row(task fields, name: Text, clause, subject titles, overdue)
"""
