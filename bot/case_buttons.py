"""What the bot hears when a button on a card or a case's page is pressed that changes who has it, or how urgent it is."""

from __future__ import annotations

from bot import wording, wording_cases
from bot.messages import Choice

ABOUT = "case:"  # about: followed by the id of the case, and by what the button was shown with where that may grow old
ACKNOWLEDGE, TAKE, HAND_ON, URGENCY, ALL, OPEN = "acknowledge", "take", "hand-on", "urgency", "all", "open"
TAKE_OVER, LEAVE = "take-over", "leave-it"
TO, HOW = "hand-on:", "urgency:"  # followed by the role, and by how urgent

# On a pushed card, for everybody the same: it says nothing of how the case stands.
ON_A_CARD = (
    Choice(wording.ACKNOWLEDGE, ACKNOWLEDGE),
    Choice(wording_cases.TAKE, TAKE),
    Choice(wording_cases.HAND_ON, HAND_ON),
    Choice(wording.OPEN, OPEN),
)
# And on the card of whoever has it.
ON_THEIR_CARD = (Choice(wording.OPEN, OPEN), Choice(wording_cases.HAND_ON, HAND_ON))
