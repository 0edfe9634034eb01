"""Record the demo as `docs/demo.svg`, an animation that needs no script and no player.

    python docs/record_demo.py

Each line appears as long after the one before as in the run that was recorded, but
after a second at most. A viewer that does not animate, or is asked not to, shows all of it.
"""

import io
import os
import re
import sys
import time
from xml.sax.saxutils import escape

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.join(HERE, "demo.svg")

FONT_SIZE = 13  # pixels, as all below
CHARACTER = 7.83  # the width of one, in the fonts named in _STYLE
LINE = 19
MARGIN = 18
BAR = 34  # the window's title bar

LONGEST_PAUSE = 1.0  # seconds
SLOWER = 4  # the run takes a second; nobody reads that fast

_ANSI = re.compile("\033\\[(\\d+)m")
_CLASSES = {"1": "title", "2": "time", "32": "number"}
_STYLE = """
text { font: %dpx ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #d7dce2; }
text { white-space: pre; }
.title { font-weight: bold; fill: #ffffff; } .time { fill: #7d8794; } .number { fill: #5fd38d; }
@keyframes appear { from { opacity: 0; } to { opacity: 1; } }
@media (prefers-reduced-motion: no-preference) {
  .line { animation: appear 0.15s both; }
}
""" % FONT_SIZE


class Terminal(io.StringIO):
    """A stream in colour that keeps (seconds since the start, text) of what is written."""

    def __init__(self):
        super().__init__()
        self._started = time.monotonic()
        self.written = []

    def isatty(self):
        return True

    def write(self, text):
        self.written.append((time.monotonic() - self._started, text))
        return len(text)

    def lines(self):
        """Pairs of (seconds, line); an empty line is kept."""
        seconds, rest = 0, ""
        for seconds, text in self.written:
            rest += text
            *complete, rest = rest.split("\n")
            for line in complete:
                yield seconds, line
        if rest:
            yield seconds, rest


def draw(lines):
    """An SVG of timed lines, as text."""
    lines = list(lines)
    widest = max(len(_ANSI.sub("", line)) for _, line in lines)
    width = round(widest * CHARACTER + 2 * MARGIN)
    height = BAR + LINE * len(lines) + MARGIN
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d">'
        % (width, height, width, height),
        "<title>The demo, recorded</title>",
        "<style>%s</style>" % _STYLE,
        '<rect width="100%" height="100%" rx="8" fill="#1c2128"/>',
    ]
    for place, colour in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        parts.append('<circle cx="%d" cy="17" r="5.5" fill="%s"/>' % (20 + 18 * place, colour))
    before = shown = 0
    for row, (seconds, line) in enumerate(lines):
        shown += min(SLOWER * (seconds - before), LONGEST_PAUSE)
        before = seconds
        parts.append(
            '<text class="line" xml:space="preserve" style="animation-delay: %.2fs" x="%d" y="%d">%s</text>'
            % (shown, MARGIN, BAR + LINE * (row + 1) - 5, _coloured(line))
        )
    return "\n".join(parts + ["</svg>", ""])


def _coloured(line):
    """A line with its colours as spans."""
    first, *rest = _ANSI.split(line)
    result = escape(first)
    for code, text in zip(rest[::2], rest[1::2]):
        named = _CLASSES.get(code)
        text = escape(text)
        result += '<tspan class="%s">%s</tspan>' % (named, text) if named and text else text
    return result


def main():
    sys.path.insert(0, os.path.dirname(HERE))
    from cloudtower.simulator import demo

    os.environ.pop("NO_COLOR", None)
    os.environ["CLOUDTOWER_LANG"] = "en"
    terminal = Terminal()
    terminal.write("$ python -m cloudtower.simulator demo\n")
    if demo.run(terminal):
        return 1
    with open(TARGET, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(draw(terminal.lines()))
    print("%s: %d lines" % (os.path.relpath(TARGET), len(list(terminal.lines()))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
