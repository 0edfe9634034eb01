"""Breaks text into lines, English and Chinese."""

_WIDE = 0x2E80  # from here on a character takes two columns, and needs no space to break a line at
_CLOSING = frozenset((0x3001, 0x3002, 0xFF01, 0xFF09, 0xFF0C, 0xFF1A, 0xFF1B))  # begin no line


def wrapped(text, width, first="", then=""):
    """The lines of a text, a list of str.

    Parameters:
        width: the most columns of a line, unless one word has more; int.
        first, then: what the first line and the others begin with, str.
    """
    lines = []
    line, used, begins = first, len(first), True
    for gap, word in _words(text):
        columns = sum(2 if ord(each) >= _WIDE else 1 for each in word)
        if not begins and used + len(gap) + columns > width:
            lines.append(line)
            line, used, begins = then, len(then), True
        if not begins:
            line += gap
            used += len(gap)
        line += word
        used += columns
        begins = False
    return lines + [line]


def _words(text):
    """[[the space before it, a word]]; each wide character is a word, punctuation belongs to it."""
    words = []
    gap, follows_wide = "", False
    for character in text:
        if character.isspace():
            gap = " "
            continue
        code = ord(character)
        is_wide = code >= _WIDE
        if words and not gap and (code in _CLOSING or not (is_wide or follows_wide)):
            words[-1][1] += character
        else:
            words.append([gap, character])
        gap, follows_wide = "", is_wide
    return words
