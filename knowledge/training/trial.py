"""Lets the search run on a model that is not the one shipped: one in the making, or one that it is compared with."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import numpy as np

from knowledge import encoder, meaning, phrasebook
from knowledge.encoder import Encoder, Vector
from knowledge.phrasebook import Phrasebook


@contextmanager
def trying(model: Encoder, book: Phrasebook, binding: Vector | None = None) -> Iterator[None]:
    """Search with MODEL and BOOK inside, and with BINDING, or the one that is shipped, between rules and topics.

    The rules' own vectors are made anew, since those that are shipped are another model's.
    """
    bound = meaning.binding() if binding is None else binding
    none = (np.zeros(0, np.uint64), np.zeros((0, model.width), np.int8))
    with (
        patch.object(encoder, "load", lambda: model),
        patch.object(phrasebook, "load", lambda: book),
        patch.object(meaning, "_shipped", lambda: none),
        patch.object(meaning, "_known", OrderedDict()),
        patch.object(meaning, "binding", lambda: bound),
    ):
        yield
