"""Sessions made on the admin page or by a command: set-up, pairing, options, diagnosis, removal."""
