"""What a parent answers who reports that the deputy bullies their child: question by question."""

from __future__ import annotations

SECRET = "Zyxmaisie"  # a word of the report that nobody can read who was not shown the report

# What the parent is asked, and answers; the third says whether it is typed. Cyberbullying, by the deputy.
REPORT = (
    ("in danger", "No", False),
    ("Who are you", "Parent or carer", False),
    ("Is it safe", "Yes", False),
    ("Is an adult who works", "Yes", False),
    ("What is that adult's role", "deputy safeguarding lead", False),
    ("Who is it happening to", "My child", False),
    ("Who is doing it", "An adult at school", False),
    ("What has happened", "Skip", False),
    ("Where is it happening", "Skip", False),
    ("Is it still happening", "Skip", False),
    ("How are they now", "Scared", False),
    ("Do you still have it", "Skip", False),
    ("in your own words", f"The names that {SECRET} is called are read out in class.", True),
    ("When was it", "Skip", False),
    ("Who knows about it", "Skip", False),
    ("get in touch with you", "Skip", False),
)
