"""Uploaded and made files: a content-addressed store that takes only what was looked into."""
