"""Reads an INI file and remembers where each value stands.

`configparser` knows no lines, and on Python 2.7 it cuts a password off at " ;" and takes a
name twice. Here a value goes on in lines that are indented deeper than its key; comments, with
`#` or `;`, have lines of their own; nothing in a value has a special meaning.
"""

import io
import re

from cloudtower._runtime.text import native
from cloudtower.exceptions import ApiValueError

_LINE_END = re.compile(r"\r\n|\r|\n")
_HEADER = re.compile(r"\[\s*([^\[\]]+?)\s*\]\Z")
_ENTRY = re.compile(r"([^=:]+?)\s*[=:]\s*(.*)\Z", re.S)


class Section(object):
    """One section.

    Attributes:
        file: path of the file, str.
        name: str.
        line: number of the line with its name, int.
        values: {key in lower case: value}, both str.
        lines: {key: number of its line}.
    """

    def __init__(self, file, name, line):
        self.file = file
        self.name = name
        self.line = line
        self.values = {}
        self.lines = {}

    def at(self, key=None):
        """Where a key stands, or the section itself, for the text of an error, str."""
        return place(self.file, self.lines.get(key, self.line))


def place(file, line):
    return "%s, line %d" % (file, line)


def read(file, octets):
    """The sections of a file, {name: Section}.

    Parameters:
        file: its path, for the texts of errors, str.
        octets: what it holds, in UTF-8, bytes.

    Raises ApiValueError, naming the line, for text that is not INI or repeats a name.
    """
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = octets[: error.start].count(b"\n") + 1
        raise ApiValueError("%s: this is not UTF-8" % place(file, line))
    sections = {}
    section = key = None
    indent = 0
    for number, line in enumerate(_LINE_END.split(text), 1):
        content = line.strip()
        if not content or content[0] in "#;":
            continue
        depth = len(line) - len(line.lstrip())
        if key is not None and depth > indent:
            section.values[key] += native("\n" + content)
            continue
        header = _HEADER.match(content)
        if header:
            section = _section(sections, file, native(header.group(1)), number)
            key = None
            continue
        entry = _ENTRY.match(content)
        if entry is None or section is None:
            # Nothing of the line is quoted: it may be a part of a password.
            expected = "a section, [name]" if section is None else "`key = value` or [name]"
            raise ApiValueError("%s: this is not %s" % (place(file, number), expected))
        key, indent = native(entry.group(1).lower()), depth
        if key in section.values:
            raise ApiValueError(
                "%s: [%s] has `%s` twice, first in line %d"
                % (place(file, number), section.name, key, section.lines[key])
            )
        section.values[key] = native(entry.group(2))
        section.lines[key] = number
    return sections


def _section(sections, file, name, number):
    if name in sections:
        raise ApiValueError(
            "%s: the file has [%s] twice, first in line %d"
            % (place(file, number), name, sections[name].line)
        )
    section = sections[name] = Section(file, name, number)
    return section


def load(file):
    """The octets of a file, and its mode: (bytes, int). Raises EnvironmentError."""
    import os

    with io.open(file, "rb") as stream:
        return stream.read(), os.fstat(stream.fileno()).st_mode
