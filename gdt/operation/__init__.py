"""What those who run the servers look at: whether a process is ready, what it counts, what it logs."""
