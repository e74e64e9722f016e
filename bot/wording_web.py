"""Every sentence by which the chat page refuses something. None of them repeats what was sent."""

from __future__ import annotations

NO_PAGE = "There is no such page."
TOO_OLD = "This page has become too old. Please go back, load it again and send your words once more."
STARTING = "Signpost is just starting. Please send your words again in a moment."
NOT_READ = "That form could not be read. Please go back and try again."
NO_WORDS = "There were no words in that message."
CROWDED = (
    "Very much is being sent from your connection at this moment, so this was not taken. Your words are not lost: go back, wait "
    "a minute and press the button again. Another connection, such as a phone's own instead of the school's, works at once."
)
CROWDED_CODES = (
    "Too many secret codes that do not work were tried from your connection. Try again in an hour, and if it cannot wait, ring "
    "the school."
)
TOO_MANY_PAGES = "Too many pages are open. Close one and try again."
