"""What people are told outside the desk: e-mails and alerts about sessions."""
