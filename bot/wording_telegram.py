"""What the bot says in Telegram only. A school may reword it."""

from __future__ import annotations

NOTICE = (
    "This chat is not end-to-end encrypted: Telegram could read what is written here. Write only what is needed, and no passwords, "
    "home addresses or pictures. The school can also be told in person or by telephone."
)
IN_PRIVATE = (
    "I answer in private only, where nobody else reads along. Press the button, then Start, and write to me there. "
    "If anyone is in danger now, ring 999."
)
WRITE_IN_PRIVATE = "Write to me in private"
UNREADABLE = (
    "I could not read that, and have not kept it. Please write it again in plain words. If anyone is in danger now, ring 999."
)
WHICH_SCHOOL = "Which school is it about? I ask this once. If anyone is in danger now, ring 999."
MENU = (
    ("start", "Begin"),
    ("report", "Report something"),
    ("ask", "Ask a question about the policy"),
    ("cases", "For staff: the reports you have to look at"),
    ("help", "What I can do"),
)
MENU_OF_MANY = (*MENU, ("school", "Write to another school"))
