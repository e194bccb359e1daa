"""Files of messages on a site: kept, checked, served."""
