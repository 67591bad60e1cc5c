"""What templates are given, and what they write of it."""

import pytest
from jinja2 import UndefinedError

from surveys.templating import environment


def written(template: str, **given: object) -> str:
    return environment().from_string(template).render(**given)


def test_a_row_says_what_it_was_given_also_under_the_name_of_a_method() -> None:
    assert written("{{ row.items }} {{ row.name }}", row={"items": 3, "name": "<b>"}) == "3 &lt;b&gt;"
    assert written("{% for name, n in row.items() %}{{ name }}{{ n }}{% endfor %}", row={"a": 1}) == "a1"


def test_what_a_row_was_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="no attribute 'name'"):
        written("{{ row.name }}", row={})
