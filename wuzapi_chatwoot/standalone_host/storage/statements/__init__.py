"""Every SQL statement, built once. No logic."""
