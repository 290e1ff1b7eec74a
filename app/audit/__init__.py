"""Append-only evidence: streams of events, each a hash chain; personal data only as salted commitments."""
