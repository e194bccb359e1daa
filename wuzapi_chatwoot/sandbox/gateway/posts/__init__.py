"""The simulated gateway's webhooks, in WuzAPI's exact shapes."""
