"""Files that agents attach: fetched only from addresses that are allowed."""
