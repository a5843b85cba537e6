"""The keys that sign certificates, badges and the log: which are in use, and how they change."""
