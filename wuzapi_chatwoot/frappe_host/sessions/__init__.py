"""Sessions on a site: set-up, pairing, options, diagnosis, self-test, rotation, watch."""
