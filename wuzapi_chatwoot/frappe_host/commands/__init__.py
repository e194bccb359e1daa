"""Commands of bench, for who runs the machine. They do the work themselves, without a worker."""
