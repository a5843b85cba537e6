"""One certificate composed, drawn and signed, while no lock is held."""
