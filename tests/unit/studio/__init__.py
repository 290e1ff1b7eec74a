"""What the studio changes in files, byte by byte."""
