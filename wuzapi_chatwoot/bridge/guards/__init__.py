"""What keeps one failing or busy side from stopping the others: circuit breakers, worker shares, memory, the inbox fence. Imports `model` and `ports`."""
