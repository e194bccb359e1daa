"""Which sessions there are at this moment, and where they are kept."""
