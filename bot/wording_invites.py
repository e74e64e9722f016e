"""Every sentence about invitations, and about somebody who leaves the school."""

from __future__ import annotations

SURE = "You will be known here as {who} of {school}. {meaning} Is that you?"
REACHED = "Reports that are for this role will come to you here, and only you should be able to open this chat."
NOT_REACHED = "I then answer you as I answer staff. Reports do not come to you."
YES, NO = "Yes, that is me", "No"
JOINED = "Thank you. You are known here as {who} of {school}. {meaning}"
COMES_HERE = "Reports that are for this role come to you here. Type “my cases” to see what is yours."
COMES_ELSEWHERE_FIRST = "Reports still go first to where you were reached before; they come here when that does not work."
LEFT = "All right. Nothing has changed, and the code still works. If it came to you by mistake, tell whoever gave it to you."
SETTLED = "That was settled already."
ALREADY = "You are known here already as {who} of {school}. The code was not used up."
SOMEBODY_ELSE = (
    "You are known here as somebody else already, and nobody can be two people in one chat. Whoever looks after Signpost at your "
    "school can take this place from the other person first. The code was not used up."
)
# One sentence for a code that never was, one that was used, and one that has run out: nobody can find out which.
DOES_NOT_WORK = (
    "That code does not work here. A code works once, for three days, and for some people in one app only. "
    "Look whether a letter is missing, or ask the school for a new one."
)
TOO_MANY = "You have tried five codes that do not work, so I take no more from you for a while. Try again after {until}."
IN_PRIVATE = "Other people can read along there, so I do not use that code. Send it to me here, in private."

INVITED = "They used the code of an invitation that was made {how}."
YOU_WERE_LINKED = (
    "Somebody used the code of your invitation in {channel}, so you are now reached and recognised there as well. "
    "If that was not you, tell those who look after Signpost at your school at once."
)
REMOVED = (
    "{name}, who held the role of {roles}, was taken out of Signpost. They hold no role any more and are recognised nowhere. "
    "What they had goes on to the others. {entered}"
)

NAMED = "{name}, {roles}"
STAFF_MEMBER = "member of staff"
