"""Log lines and records of what was rejected."""
