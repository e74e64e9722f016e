"""What the bot says to somebody who changed or took away what they had written before."""

ADD_IT = "Add it to {reference}"

DELETED = (
    "You took a message away. You no longer see it here; what I was told by then is kept, so that nothing is lost that somebody "
    "may need. If it was a mistake, tell me in a new message."
)
DELETED_AFTER = "Your report {reference} says from now on that you took a message away, and not which."
TAKEN_AWAY = "Taken away afterwards"
TAKEN_AWAY_HOW = "Whoever sent this has deleted a message of theirs in the chat. What stands here is as it was said."
