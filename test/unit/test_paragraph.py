# coding: utf-8
"""Lines of text, English and Chinese."""

import pytest

from cloudtower._runtime.paragraph import wrapped


def columns(line):
    return sum(2 if ord(each) >= 0x2E80 else 1 for each in line)


def text(escaped):
    """Text from its escapes, on Python 2.7 too."""
    return escaped.encode("ascii").decode("unicode_escape")


@pytest.mark.parametrize(
    "width, lines",
    [
        (40, ["- one two three four"]),
        (20, ["- one two three four"]),
        (19, ["- one two three", "  four"]),
        (9, ["- one two", "  three", "  four"]),
        (1, ["- one", "  two", "  three", "  four"]),
    ],
)
def test_words(width, lines):
    assert wrapped("one two  three\nfour", width, "- ", "  ") == lines


def test_nothing():
    assert wrapped("", 10) == [""]


def test_chinese_breaks_anywhere_but_before_punctuation():
    sentence = text("\\u5185\\u5b58\\u5927\\u5c0f\\uff0c\\u5355\\u4f4d\\u5b57\\u8282\\u3002")
    assert wrapped(sentence, 100) == [sentence]
    lines = wrapped(sentence, 8)
    assert "".join(lines) == sentence and len(lines) == 3
    assert all(columns(each) <= 8 for each in lines)
    assert lines[0] == sentence[:3]  # the fourth character goes with its comma


def test_words_within_chinese_stay_whole():
    sentence = text("\\u8bbe\\u7f6e `memory_unit` \\u65f6 512 MiB\\u3002")
    assert wrapped(sentence, 200) == [sentence]
    lines = wrapped(sentence, 14)
    assert lines[1] == "`memory_unit`" and " ".join(lines) == sentence
