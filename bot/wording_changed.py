"""What the bot says to somebody who changed or took away what they had written before."""

ADD_IT = "Add it to {reference}"

DELETED = (
    "You took a message away. You no longer see it here; what I was told by then is kept, so that nothing is lost that somebody "
    "may need. If it was a mistake, tell me in a new message."
)
