"""The self-test: a message to the session's own number, followed through every step of its path."""
