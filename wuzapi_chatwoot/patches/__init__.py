"""What a site's rows need when this app has changed. Each is run once, as `patches.txt` says."""
