"""One school's store, in domain words: messages in, conversations, cases, notices and the people who hold its roles."""
