"""The simulated WuzAPI: people with phones, the HTTP API in front of them, and its webhooks."""
