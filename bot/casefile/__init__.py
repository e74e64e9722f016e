"""A case as a document: for the file, for an inspector, for somebody outside it is referred to. The same record in three forms."""

from bot.casefile.document import Document, Maker, called, document, referral
from bot.casefile.forms import FORMS, Form

__all__ = ["FORMS", "Document", "Form", "Maker", "called", "document", "referral"]
