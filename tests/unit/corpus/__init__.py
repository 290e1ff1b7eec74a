"""The command that looks at strangers' diagrams: that it sees what it is to see."""
