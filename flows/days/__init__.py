"""Which days and hours somebody's words mean. `flows/when.py` asks; everything here is words and dates, no time zone."""
