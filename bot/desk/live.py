"""What keeps an open page of the desk true: it is told when something changed, and loads it again."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.desk.desk import Page

PAGES: Mapping[str, Page] = MappingProxyType({})
FORMS: Mapping[str, Page] = MappingProxyType({})
