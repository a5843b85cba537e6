"""Who may be certified, and what is known about those who may not yet."""
