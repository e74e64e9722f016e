"""What happened over the weeks, as charts with a text beside each, and nothing that could be taken apart to anybody."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.desk.desk import Page

PAGES: Mapping[str, Page] = MappingProxyType({})
FORMS: Mapping[str, Page] = MappingProxyType({})
