"""Where people talk to the bot: one file or folder per channel, named as in the configuration."""
