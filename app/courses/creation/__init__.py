"""Creating a course (clauses 6.2–6.10): from its entry in the list to its submission for approval."""
