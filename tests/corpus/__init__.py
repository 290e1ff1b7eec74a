"""Diagrams of strangers and broken ones of our own against the check: `python -m tests.corpus`, never `./run test`."""
