"""COOMET Courses."""
