"""Backups: one file with the database, the documents and, sealed, the keys; and the way back from it."""
