"""Takes in a school's own policy, in whatever format it is kept, and proposes it section by section for a person to edit."""

from knowledge.importing.document import CannotImport, Dropped
from knowledge.importing.proposal import Proposal, propose
from knowledge.importing.replacing import Found

__all__ = ["CannotImport", "Dropped", "Found", "Proposal", "propose"]
