"""The HTTP routes of the service, and what they take in."""
