"""The simulated Chatwoot's HTTP API."""
