# -*- coding: utf-8 -*-
"""Lists in a query or a header."""

import pytest

from cloudtower._runtime import plain_text
from cloudtower.exceptions import ApiValueError

UMLAUT = b"\xc3\xbc".decode("utf-8")
SEPARATORS = [("csv", ","), ("ssv", " "), ("pipes", "|")]


@pytest.mark.parametrize("collection, separator", SEPARATORS)
def test_an_element_with_the_separator_in_it(collection, separator):
    for element in ("b%sc" % separator, u"b%sc" % separator, separator):
        with pytest.raises(ApiValueError, match="the parameter `p` has its elements") as raised:
            plain_text.values(["a", element], collection, "p")
        assert raised.value.args[0].count(repr(separator)) >= 1
        assert plain_text.values(["a", element], "multi", "p") == ["a", element]
        assert plain_text.values(element, collection, "p") == [element]


@pytest.mark.parametrize("collection, separator", SEPARATORS)
def test_elements(collection, separator):
    joined = separator.join(["a", "1", "true", UMLAUT])
    assert plain_text.values(["a", 1, True, None, UMLAUT], collection, "p") == [joined]
    assert plain_text.values([None], collection, "p") == []
