"""A session's gateway and Chatwoot as this site sets them up and connects them."""
