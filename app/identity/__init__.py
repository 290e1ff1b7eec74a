"""People, organisations, appointments with dates, substitution, permissions, and the calendars of working days."""
