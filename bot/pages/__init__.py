"""What every HTML page of ours has in common: how a form is measured and read, how a page is made, and which files it may load."""
