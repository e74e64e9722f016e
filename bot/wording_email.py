"""Every sentence that goes out by e-mail. None of them says what happened, where, or to whom: e-mail is read by others."""

NEEDS_YOU = "Signpost: {reference} needs you"
OTHERS_NEED_YOU = "Signpost: {reference} and others need you"
DIGEST = "Signpost: your digest"
CODE = "Signpost: your code"

LOOK = "Signpost: please be easy to find today"
PEOPLE_CHANGED = "Signpost: who holds which role has changed"
PEOPLE_CHANGED_HOW = (
    "Who holds which role at your school, or where somebody is reached, has changed. "
    "Sign in at the desk to see it, or ask the school office. If you know of no change, please ask today."
)

WAITS = "{reference} waits for you."
OTHERS_WAIT = "These reports wait for somebody, and you are among those who can take them: {references}."
OPEN_AT = "Open Signpost to read it:"
OPEN_WHERE = "Open it where you talk to Signpost. The words are kept there, and nowhere else."
NO_MORE = (
    "This message says no more on purpose. Please do not answer it and do not write names into an e-mail: nobody reads answers."
)

CODE_WHY = (
    "Somebody at {school} entered this address for you, so that Signpost can tell you here when something waits for you. "
    "It is used only once this code has come back:"
)
CODE_HOW = "Give the code to whoever looks after Signpost at your school, by telephone or in person. It is good until {until}."
CODE_NOT_ME = "If you do not know what this is about, do nothing: without the code you will hear no more."

SIGN_IN = "Signpost: your way in to the desk"
SIGN_IN_HOW = (
    "Somebody, we hope you, asked at the desk for a way in. This link works once, for {minutes} minutes, and only for you:"
)
SIGN_IN_NOT_ME = "If it was not you, do nothing: nobody gets in without this message."

NEWS = "There is news"
NEWS_AT = (
    "There is news at {page}\n\nYou asked for this message on that page. If you did not, somebody mistyped an address: do nothing."
)
