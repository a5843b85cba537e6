"""The tamper-evident log: its entries, tree and signed heads, and the partners who watch it."""
