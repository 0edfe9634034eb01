"""Numbers that are read: of the declared kind where that loses nothing, otherwise as sent."""

import datetime

import pytest

from cloudtower._runtime import datatypes
from cloudtower._runtime.model import Model

EXACT = 2**53
INEXACT = 2**53 + 1  # no float is that number


class Sizes(Model):
    __fields__ = (("number", "double"), ("integer", "int64"))


@pytest.mark.parametrize(
    "sent, read",
    [
        (3, 3.0),
        ("3", 3.0),
        (True, 1.0),
        (EXACT, float(EXACT)),
        (INEXACT, INEXACT),
        (-INEXACT, -INEXACT),
        (str(INEXACT), INEXACT),
        (10**400, 10**400),  # no float is that large
        (2.5, 2.5),
        ("2.5", 2.5),
    ],
)
def test_a_number(sent, read):
    found = Sizes.from_json({"number": sent}).number
    assert found == read and type(found) is type(read)


@pytest.mark.parametrize(
    "sent, read",
    [
        (INEXACT, INEXACT),
        (str(INEXACT), INEXACT),
        (37145039556.9504, 37145039556.9504),
        (3.0, 3.0),
        ("2.5", 2.5),
        (False, 0),
    ],
)
def test_an_integer(sent, read):
    found = Sizes.from_json({"integer": sent}).integer
    assert found == read and type(found) is type(read)


@pytest.mark.parametrize("sent", ["1_000", "inf", "-inf", "nan", "1e999", "", "x", [], {}])
def test_no_number(sent):
    made = Sizes.from_json({"number": sent, "integer": sent})
    assert made.number is None and made.integer is None
    assert dict(made.additional_properties) == {"number": sent, "integer": sent}


def test_as_many_digits_as_python_converts():
    most = datatypes._MOST_DIGITS
    assert Sizes.from_json({"integer": "1" + "0" * (most - 1)}).integer == 10 ** (most - 1)
    assert Sizes.from_json({"integer": "1" + "0" * most}).integer is None


@pytest.mark.parametrize("name", ["datetime | date", "date | datetime"])
@pytest.mark.parametrize("text", ["2026-01-31", "2026-01-31T10:20:30+00:00"])
def test_a_day_or_a_moment_is_what_is_written(name, text):
    assert datatypes.parse(name).decode(text).isoformat() == text


def test_a_day_that_a_script_gives_is_that_of_a_union():
    union = datatypes.parse("list[int32] | map[date]")
    assert union.closest({"a": datetime.date(2026, 1, 31)}).value is datatypes.parse("date")
