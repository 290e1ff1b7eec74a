"""Documents that the recommendation refers to (section 2): editions with the day from which each holds."""
