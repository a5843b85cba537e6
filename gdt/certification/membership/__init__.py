"""Certificates of partner institutions: issued for an agreement in force, ended with it."""
