"""States written by every released version, and how each must end. They are never changed, only added to."""
