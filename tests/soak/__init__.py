"""Long trials of what we promise, run by `make soak` and not by the suite."""
