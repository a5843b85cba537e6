"""How certificates reach their holders: the mails, the secret links in them, and whose those are."""
