"""Every sentence about coming back to a report: its secret code, and the e-mail that says no more than that there is news."""

from __future__ import annotations

CODE_TITLE = "To come back from elsewhere"
CODE = (
    "These two open your report in any browser: type “follow” and both of them there. They stand only here and I cannot look the "
    "code up, so keep it where nobody else looks."
)
CODE_FACTS = ("Reference", "Secret code")
MASKED = "follow {reference} with its secret code"
FOLLOWED = "You can follow {reference} from here now."
HOW = (
    "To follow a report that was sent elsewhere, type “follow”, its reference and its secret code, all in one message. "
    "The code was shown when the report was sent."
)
DOES_NOT_OPEN = "That reference and that code do not open a report. Please look at both once more."
TOO_MANY = "Too many codes were tried here that do not work. Try again at {until}. If it cannot wait, ring the school."
IN_PRIVATE = "Please write that to me where nobody else reads along: the code belongs to you alone."

NEWS_OFFER = (
    "Would you like to hear when there is news? Type “news to” and your e-mail address. The e-mail says only that there is news, "
    "and where this page is. Otherwise come back with the reference and the secret code that you get now."
)
NEWS_TO = (
    "I will write to that address when something new has waited here for a while. The e-mail says only that there is news. "
    "The address is kept sealed, is shown to nobody at the school, and goes with your report. To stop it, type “no e-mail”."
)
NEWS_MASKED = "news to my e-mail address"
NEWS_STOPPED = "I will send you no e-mail. If there was an address, it is destroyed."
NEWS_NOT_AN_ADDRESS = "I cannot read that as an e-mail address. Type “news to” and the address, in one message."
NEWS_NOT_HERE = (
    "I cannot send e-mail at this school. Come back to this page whenever you like, or from elsewhere with the reference and the "
    "secret code."
)
NEWS_NOT_SAFE = "You said that it is not safe to write to you, so I send no e-mail either. Ask for news here whenever it is safe."
