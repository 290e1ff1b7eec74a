"""Random kills of real web and worker processes under load; then the books are balanced. See `__main__`."""
