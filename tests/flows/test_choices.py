"""The buttons of a question stand in the order in which its file writes them."""

from __future__ import annotations

import ast
import inspect
import textwrap

import pytest

from flows import catalogue
from flows.flow import questions


def written(flow):
    """The choices of each question of FLOW as its class, or the frame that it inherits, writes them."""
    found = {}
    for one in reversed(flow.__mro__):
        if one.__module__.startswith("flows."):
            for field in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(one)))):
                if isinstance(field, ast.AnnAssign):
                    found[field.target.id] = [
                        part.value
                        for literal in ast.walk(field.annotation)
                        if isinstance(literal, ast.Subscript) and getattr(literal.value, "id", "") == "Literal"
                        for part in getattr(literal.slice, "elts", [literal.slice])
                        if isinstance(part, ast.Constant)
                    ]
    return found


@pytest.mark.parametrize("name", catalogue.names())
def test_the_buttons_stand_in_the_order_they_are_written_in(name):
    """Python takes two unions of the same words for one, in the order of whichever file was loaded first: that must show."""
    flow = catalogue.flow(name)
    order = written(flow)
    for question in questions(flow):
        if order.get(question.name):
            assert [choice.value for choice in question.choices] == order[question.name], question.name
