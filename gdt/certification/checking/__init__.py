"""The check of everything: the log against certificates, files, badges, bits and keys."""
