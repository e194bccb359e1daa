"""The store's contract about contacts and conversations that become one."""
