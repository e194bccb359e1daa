"""People with phones: what they write and what their phones show."""
