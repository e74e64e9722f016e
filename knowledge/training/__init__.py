"""How the language model was made from the phrase bank: development only, never imported by the bot."""
