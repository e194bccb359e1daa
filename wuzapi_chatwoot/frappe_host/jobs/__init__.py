"""What runs on the site's workers and by its scheduler."""
