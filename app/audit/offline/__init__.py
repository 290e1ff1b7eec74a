"""What is handed to others with the evidence: a verifier that needs nothing of this program."""
