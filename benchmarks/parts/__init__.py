"""What the benchmarks are made of: the peers, the bot at work, what people say to it, and how a stretch of work is measured."""
