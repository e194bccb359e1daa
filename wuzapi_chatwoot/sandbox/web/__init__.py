"""The sandbox's HTTP server and client."""
