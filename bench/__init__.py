"""How fast we are, beside the peer and the limit in the same run."""
