"""The bot: channels bring messages in, handlers decide, one place records, and the outbox sends."""
