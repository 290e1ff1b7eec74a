"""The program as it is run in production: processes, backups, the image."""
