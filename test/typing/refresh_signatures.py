"""Brings `signatures.txt`, the list of all public names, up to date.

python test/typing/refresh_signatures.py                    refuses what breaks scripts
python test/typing/refresh_signatures.py --accept REASON    notes it in accepted-breaks.txt
"""

import argparse
import sys

from breaks import breaks, load
from signatures import FOLDER, PACKAGE, Signatures, dump

FILE = FOLDER / "signatures.txt"
ACCEPTED = FOLDER / "accepted-breaks.txt"


def main(arguments=None, package=PACKAGE, file=FILE, accepted=ACCEPTED):
    """Refresh the file; the exit status is 1 if it breaks scripts and nobody accepted that.

    Parameters:
        arguments: of the command line, list of str.
        package: folder with stubs, a Path.
        file, accepted: what is written, Paths.
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--accept", metavar="REASON", help="why scripts may break")
    options = parser.parse_args(arguments)
    lines = Signatures(package).lines
    old = load(file.read_text(encoding="utf-8")) if file.exists() else {}
    found = breaks(old, lines)
    print("".join(each + "\n" for each in found), end="")
    if found and not options.accept:
        print("%d changes break scripts; --accept REASON notes them and goes on" % len(found))
        return 1
    if found:
        with accepted.open("a", encoding="utf-8") as stream:
            stream.write("\n# %s\n%s\n" % (options.accept, "\n".join(found)))
    file.write_text(dump(lines), encoding="utf-8")
    print("%d names, %d of them new" % (len(lines), len(set(lines) - set(old))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
