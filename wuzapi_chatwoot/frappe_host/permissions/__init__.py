"""Who may see and change which rows."""
