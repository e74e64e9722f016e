"""Every sentence that the page about people says once something was done, or was not."""

from __future__ import annotations

NOT_YOURS = "That is for whoever leads the school: the headteacher, the safeguarding lead or the chair. Nothing was changed."
NO_SUCH_ROLE = "Choose one of the roles. Nothing was changed."
HOLDS_IT = "They hold the role of {role} already. Nothing was changed."
HOLDS_IT_NOT = "They do not hold the role of {role}. Nothing was changed."
GIVEN = "{name} holds the role of {role}."
GIVEN_STAFF = "{name} is now known as a member of staff. Reports do not go to them."
TAKEN = "{name} does not hold the role of {role} any more. What they had in it goes on to the others."
TAKEN_STAFF = "{name} is not known as a member of staff any more."

NAME_MISSING = "Write the name as colleagues know it, on one line and in at most {most} letters."
NAME_KNOWN = "Somebody is known by that name already. Choose them from the list, or add what tells the two apart."
ENTERED = "{name} is entered, and reached nowhere yet. Open their page to invite them: with the code they show who they are."

NO_ROLE_TO_BE = "They hold no role, so there is nothing to be invited as. Give them one first."
REACHED_ALREADY = (
    "{name} is known in a chat already, and nobody makes a code here by which somebody else could be taken for them. "
    "A further place is added by whoever looks after Signpost, with them beside."
)
NO_SUCH_CHANNEL = "Choose one of the ways to reach people. Nothing was changed."
INVITED = "{name} is invited. The code works once, until {until}."
MADE_BEFORE = (
    "That form was sent before. A code is shown only once: if you no longer have it, make another, and the earlier one ends."
)
INVITE_ENDED = "The invitation of {name} does not work any more."
NO_INVITE = "There is no invitation of theirs that still works."

NOT_FOR_OTHERS = "You say yourself when you are away. For others, whoever leads the school does."
DAYS_MISSING = "Write both days: the first day away and the last, as 2026-09-01."
DAYS_TURNED = "The last day away comes before the first. Please look at both again."
DAYS_PAST = "That has gone by. Write days that are still to come."
DAYS_LONG = "That is longer than a year, so one of the days may be a slip. Please look at both again."
NOT_THEMSELVES = "Nobody stands in for themselves. Choose somebody else, or nobody."
NOT_YOURSELF = (
    "Nobody names themselves to stand in for somebody else: you would be told what was not meant for you. "
    "Choose somebody else, or nobody: what comes then goes to the next in line."
)
WITHOUT_ROLE = "Whoever stands in holds a role of the school. Choose one of the list."
AWAY = "{name} is away {days}, and back on {back}. {instead}"
YOU_ARE_AWAY = "You are away {days}, and back on {back}. {instead}"
AWAY_HELD = "You have {count} still open. Hand on what cannot wait until you are back."
BACK = "{name} is back, and told again; first of what came meanwhile and nobody has taken."
YOU_ARE_BACK = "Welcome back. Reports come to you again; first what came meanwhile and nobody has taken."
NOT_AWAY = "Nothing was changed: that absence is over, or was ended before."

REMOVE_SURE = "Tick the box to say that you mean it. Nothing was changed."
REMOVE_YOURSELF = "Nobody takes themselves out. Ask somebody else who leads the school."
REMOVE_LEADING = "{name} leads the school. Take that role from them first: they are told of it, and so is everybody else who leads."
GONE_ALREADY = "They hold no role and are recognised nowhere. Nothing was changed."
REMOVED = (
    "{name} holds no role and is recognised nowhere any more. What they had goes on to the others. "
    "Have their account taken out of the school's workspace too: whoever is in it may ask for the staff rules."
)
CHANGED_MEANWHILE = "Something changed at this very moment. Look at the page again, and send it once more if it is still needed."
