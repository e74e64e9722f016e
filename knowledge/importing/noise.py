"""Takes away what scanners, word processors and copying leave between the words: invisible signs, tags, stars of emphasis."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_ITEM = re.compile(r"<li\b[^<>]{0,300}>", re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]]{1,300})\]\((?:#|https?:|mailto:|\.)[^()\s]{0,300}\)")
_BOOKMARK = re.compile(r"\[bookmark:[^\]]{0,80}\]")
_STRONG = re.compile(r"\*{2,3}|(?<!\w)_{2}(?=[^\W_])|(?<=[^\W_])_{2}(?!\w)")
_ITALIC = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]{1,400}?)(?<=[^\s*])\*(?![\w*])")
_BLANKS = re.compile(r"_{2,}|(?:\.\s?){6,}|…{2,}")  # a line to write on, dots that lead to a page number
_SPACES = re.compile(r"[^\S\t]+")
# Private-use signs are the bullets of symbol fonts at the start of a line, and nothing anybody reads elsewhere.
_FIRST_PRIVATE = re.compile(r"^(\s*)[\ue000-\uf8ff]+\s*")
_UNSEEN = re.compile(r"[\ue000-\uf8ff\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffc\ufffd\x00-\x08\x0e-\x1f\x7f-\x9f]")


def clean(text: str) -> str:
    """TEXT without what nobody reads: one space between words, tabs kept since they mark columns."""
    text = _FIRST_PRIVATE.sub(r"\1• ", text)
    text = _UNSEEN.sub("", text)
    text = _BLANKS.sub("\t", _STRONG.sub("", _BOOKMARK.sub(" ", text)))
    return _SPACES.sub(" ", text).strip(" ")


def unmarked(text: str) -> str:
    """TEXT without the tags, links and stars that are left in plain text files made from something richer."""
    if "<" in text:
        text = _TAG.sub(" ", _ITEM.sub(" • ", text))
    if "&" in text:
        text = html.unescape(text)
    return _ITALIC.sub(r"\1", _LINK.sub(r"\1", text))


def is_bold(text: str) -> bool:
    """Whether a line of plain text is marked as bold from end to end."""
    return re.fullmatch(r"\s*(?:\*\*[^*]+\*\*|__[^_]+__|<(b|strong)>[^<]+</\1>)\s*:?\s*", text) is not None
