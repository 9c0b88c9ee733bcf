"""Running the portal's processes: the web server, and all of them together for the demo."""
