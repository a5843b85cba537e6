"""The Open Badges of certificates, and the status lists that say which were withdrawn."""
