"""The public check of a code or a file, as a page and for programs."""
