"""Backup and restore: one archive that holds the database and every photo its rows name."""
