"""What `signpost show` is made of: every answer tried out, put into words, and laid out for a terminal or a page."""
