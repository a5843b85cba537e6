"""The holder's own page, and where she says that something is wrong."""
