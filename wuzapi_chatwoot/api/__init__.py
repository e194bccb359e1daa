"""Whitelisted functions: check permission, call one use case, shape the answer."""
