"""Measures how well the bot knows: each file here scores one thing against examples that others wrote."""
