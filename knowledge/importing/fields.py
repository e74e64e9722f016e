"""Knows the lines that are filled in and not written: signatures, dates, names of posts, addresses."""

from __future__ import annotations

import re

_KEYS = (
    r"signed|signature|print(?:ed)? name|date|dated|review(?:ed)?|approved|adopted|ratified|agreed|written|updated|author|version",
    r"owner|next review|last review(?:ed)?|policy|lead|status|document|responsible|produced|prepared|issue|ref(?:erence)?",
    r"committee|chair|head ?teacher|principal",
)
_ASKED = r"name|role|position|tel|telephone|phone|mobile|e-?mail|address|website"
FIELD = re.compile(
    rf"^(?:{'|'.join(_KEYS)})\b(?: \S+){{0,6}}?\s*:(?!$)|^(?:{_ASKED})\s*:|^sign(?:ed|ature)\b|^dated?\s*:?$"
    r"|^version\s+v?\d[\d.]*$",
    re.IGNORECASE,
)
KEYED = re.compile(r"(?:\S+ ){0,5}\S+?\s*:\s+\S.*[^.?!]$")  # “Clerk informed: yes”
CONTACT = re.compile(
    r"\b[\w.+-]{1,64}@[\w-]+\.[\w.-]+\b|\b[A-Z]{1,2}\d[\dA-Z]?\s+\d[A-Z]{2}\b|^\W*(?:\+44|0\d)[\d\s()-]{8,}$"
    r"|^\d{0,4}\s*[A-Z]\w+(?: [A-Z]\w+)? (?:Road|Lane|Street|Avenue|Close|Drive|Way)$"
)
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December|Spring|Summer|Autumn|Term"
DATE = re.compile(
    rf"^(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?(?:{_MONTH})\b.{{0,12}}\b(?:19|20)\d\d$|^\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}$",
    re.IGNORECASE,
)
