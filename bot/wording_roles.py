"""Every sentence about who holds a role, who is reached where, and who is away."""

from __future__ import annotations

BY_COMMAND_LINE, BY_ROLE = "at the command line", "by the {role}"
ENTERED, SAID_THEMSELVES = "This was entered {how}.", "They said so themselves."

GIVEN = "{name} now holds the role of {role}. {entered}"
GIVEN_TO_CONFIRM = (
    "Until one of you confirms it, they are told of new reports only and see none from before. Is it right? "
    "Press a button, or type “confirm {key} {code}” or “not right {key} {code}”."
)
YOURS = "You now hold the role of {role} at {school}. {entered} Reports that reach this role will come to you here."
YOURS_TO_CONFIRM = "Until somebody else who leads the school has confirmed it, you are told of new reports only."
TAKEN = "{name} no longer holds the role of {role}. {entered}"
YOURS_TAKEN = (
    "You no longer hold the role of {role} at {school}. {entered} "
    "What you were told in that role alone is not shown to you any more."
)
CONFIRMED = "{name} was confirmed in the role of {role} {how}."
YOURS_CONFIRMED = "You were confirmed in the role of {role}. If a report from before still waits for somebody, it comes to you now."
REFUSED = "{how} said that it is not right that {name} holds the role of {role}. They do not hold it any more."
YOURS_REFUSED = (
    "You do not hold the role of {role} any more: somebody who leads the school said that it was not right. "
    "If it was, speak to the headteacher or the chair."
)
LINKED = "{name}, who holds the role of {roles}, can now also be reached and recognised in {channel}. {entered}"
UNLINKED = "{name}, who holds the role of {roles}, is no longer reached at a place in {channel}. {entered}"
YOURS_LINKED = "A place in {channel} was added for you {how}: you are reached and recognised there as well."
YOURS_UNLINKED = "A place in {channel} was taken from you {how}: you are not reached or recognised there any more."
AWAY = "{name}, who holds the role of {roles}, is away {days}. {instead} {entered}"
YOURS_AWAY = "You are away {days}. {instead} {entered} If that is not right, type “I am back”."
BACK = "{name}, who holds the role of {roles}, is back. {entered}"
YOURS_BACK = "You are back: reports come to you again. {entered} What still waits for somebody comes to you now."
STANDS_IN = "{name} is told in their place."
STANDS_IN_FOR_YOU = "{name} is told in your place."
YOU_STAND_IN = (
    "You stand in for {name}, who holds the role of {roles}, {days}: what comes for them meanwhile comes to you, and only that."
)
NEXT_IN_LINE = "What comes meanwhile goes to the next in line."
CARD_STANDS_IN = "You are told because you stand in for somebody who is away."
IF_WRONG = "If that is not right, tell those who look after Signpost at your school today."

CONFIRM, NOT_RIGHT = "Confirm", "Not right"
YOU_CONFIRMED = "Thank you. {name} is confirmed in the role of {role}."
YOU_REFUSED = "Thank you. {name} does not hold the role of {role} any more. I tell the others who lead the school."
NOTHING_TO_CONFIRM = "There is nothing here for you to confirm."
SETTLED = "That was settled already."
NOT_BY_YOU = (
    "Somebody else who leads the school has to say so: the headteacher, the safeguarding lead or the chair, "
    "and neither whoever holds the role nor whoever gave it."
)

NOBODY_CONFIRMS = (
    "Nobody could confirm this: it takes a headteacher, safeguarding lead or chair who can be reached, is neither this person "
    "nor whoever gives the role, and was confirmed themselves. The role then works for new reports only. "
    "To have somebody, add one first: signpost people add NAME --role chair --place CHANNEL:PLACE"
)
AT_ONCE = "No report has come yet, so the school is being set up and the role of {role} is confirmed at once."
WAITS = "The role of {role} works for new reports now. Those from before open once one of {roles} confirms it; they are asked."
WAITS_FOR_NOBODY = "The role of {role} works for new reports now. Nobody can confirm it yet."
NOT_YOURSELF = "Nobody gives themselves a role. Somebody else has to enter it."

AWAY_SURE = "Shall I pass you over {days}? What comes meanwhile goes to the next in line, or to whoever stands in for you."
AWAY_YES, AWAY_NO = "Yes, I am away", "No"
AWAY_DONE = (
    "All right. You are away {days}, and back on {back}. Until then nothing comes to you. {instead} Back sooner? Type “I am back”."
)
AWAY_HELD = "You have {count} still open. Type “my cases” to hand on what cannot wait until you are back."
AWAY_LEFT = "All right. Nothing has changed."
AWAY_WHEN = "From when to when? Type, for example, “I am away from 3 to 10 March”, with the last day you are away."
AWAY_PAST = "That has gone by. Type, for example, “I am away from 3 to 10 March”, with days that are still to come."
AWAY_LONG = "That is longer than a year, so I think one of the days is a slip. Please type both days again, with the year."
BACK_DONE = "Welcome back. Reports come to you again, first those that came meanwhile and that nobody has taken."
NOT_AWAY = "You are not marked as away: reports come to you."
NO_ROLE = "You hold no role here for which somebody would be told in your place."
