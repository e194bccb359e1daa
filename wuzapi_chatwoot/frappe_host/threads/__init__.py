"""Threads of a job: their database connections, their end, their interceptors."""
