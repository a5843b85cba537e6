"""Revoking: one certificate, or many by a list or a batch, checked before it is carried out."""
