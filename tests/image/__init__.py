"""The image's commands in a clean Debian root, without Docker."""
