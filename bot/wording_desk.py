"""Every sentence about the way in to the desk; what its pages say stands in their templates."""

from __future__ import annotations

LINK = (
    "Here is your way in to the desk: {link}\n\n"
    "It works once, within {minutes} minutes, and only for you: please pass it on to nobody."
)
ABOUT = "sign-in"  # about: the link that somebody asked for by e-mail
AT_ONCE = "Others are changing this at the same moment. Please try again."
DONE = "Done. The page shows how it stands now."
NO_DESK = "The desk has no address yet. Whoever looks after Signpost at your school sets it: web.base_url in signpost.toml."
NOT_FOR_YOU = (
    "The desk is for those at school whom reports reach. You can always ask me something, or report something, right here."
)
IN_PRIVATE = "I send the way in to the desk to you alone. Please write “desk” to me in a private chat."
