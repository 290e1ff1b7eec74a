"""Advice on the style of materials; pictures."""
