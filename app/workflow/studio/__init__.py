"""The studio: one draft release that analysts share, its files, its history, and what may come of it."""
