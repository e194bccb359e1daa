"""The simulated gateway's HTTP API."""
