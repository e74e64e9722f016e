"""What the bot says in Teams beside its conversation: in a notification, before others, and when a button was pressed."""

NEWS = "Signpost has written to you."
WRITE_IN_PRIVATE = (
    "I answer in private only, where nobody else reads along: open Apps, choose Signpost, and write to me there. "
    "If anyone is in danger now, ring 999."
)
TAKEN = "Signpost has it."
SOMEBODY = "somebody"
WHICH_SCHOOL = "Several schools share this Teams. Which one is it about? You are asked once; type “school” to change it."
AGAIN = "Then please send me your words once more, as they are too long to be taken along."
