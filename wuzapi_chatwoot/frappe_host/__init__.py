"""The bridge in a Frappe site: the product. Thin: store on DocTypes, jobs, web requests, live updates, permissions."""
