"""The command line: one file here is one command, named as the file is. Files that begin with an underscore are shared parts."""
