"""What the bot says in Slack beside its conversation: on a lock screen, before others, and about a message that is reported."""

NEWS = "Signpost has written to you."
IN_PRIVATE = "I have written to you in private: open your direct messages with Signpost. Nobody else sees what is said there."
REPORTED_MESSAGE = "I want to report a message that I was shown in Slack. It says: “{words}”"
REPORTED_FILES = "I want to report something that I was shown in Slack: a message with a picture or a file and no words."
FILES_LEFT = "There was a picture or a file with it, which was not passed on."
SOMEBODY = "somebody"
