"""What people read, in the language of whoever reads it."""
