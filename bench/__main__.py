"""python -m bench [--only NAME] [--rounds N] [--base REVISION] [--markdown FILE]"""

import argparse
import platform
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from bench import measures
from bench.comparison import Bench, Row
from bench.environments import PUBLISHED

TITLES = Row("measure", "this SDK", "published " + PUBLISHED, "target", "met")
WORDS = {True: "yes", False: "NO", None: ""}


def main():
    names = [module.name for module in iter_modules(measures.__path__)]
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--only", choices=names, action="append", help="measure these alone")
    parser.add_argument("--rounds", type=int, default=9, help="turns of each side (9)")
    parser.add_argument("--base", metavar="REVISION", help="measure calls of this one, too")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table there too")
    options = parser.parse_args()
    bench = Bench(options.rounds, options.base)
    rows = []
    for name in options.only or names:
        print("%s ..." % name, file=sys.stderr)
        rows.extend(import_module("bench.measures." + name).rows(bench))
    print("\n".join(_table(rows)))
    if options.markdown:
        options.markdown.write_text("\n".join(_markdown(rows)) + "\n", encoding="utf-8")
    return 1 if any(row.met is False for row in rows) else 0


def _cells(rows):
    return [TITLES] + [row._replace(met=WORDS[row.met]) for row in rows]


def _table(rows):
    cells = _cells(rows)
    widths = [max(map(len, column)) for column in zip(*cells)]
    for line in cells:
        yield "  ".join(map(str.ljust, line, widths)).rstrip()
    yield "(one run, by turns, medians; Python %s)" % platform.python_version()


def _markdown(rows):
    lines = ["| %s |" % " | ".join(line) for line in _cells(rows)]
    return lines[:1] + ["|---" * len(TITLES) + "|"] + lines[1:]


if __name__ == "__main__":
    sys.exit(main())
