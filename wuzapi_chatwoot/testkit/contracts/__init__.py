"""The contracts that every store, gateway, session service must pass."""
