"""The store's contract about messages."""
