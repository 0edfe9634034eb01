"""python -m codegen [--spec FILE] [--out DIR] [--check]"""

import argparse
import sys
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

from codegen import emit, load, parse, passes

REPOSITORY = Path(__file__).resolve().parent.parent
SPEC = REPOSITORY / "spec"

#: What lies beside the document, for the passes.
Sources = namedtuple("Sources", "since overlays")


def interface(spec, sources):
    """The Interface of a document, after all passes.

    Raises load.DocumentError.
    """
    document = load.document(spec)
    made = parse.interface(document)
    for run in passes.ALL:
        made = run(made, sources)
    return replace(made, digest=load.digest(document, sources))


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m codegen", description=__doc__)
    parser.add_argument("--spec", default=SPEC / "openapi.json", help="the OpenAPI document")
    parser.add_argument("--out", default=REPOSITORY, help="the folder that gets cloudtower/")
    parser.add_argument("--check", action="store_true", help="write nothing, say what is stale")
    options = parser.parse_args(arguments)
    try:
        sources = Sources(load.since(SPEC), load.overlays(SPEC))
        made = interface(options.spec, sources)
    except load.DocumentError as error:
        print("codegen: %s" % error, file=sys.stderr)
        return 2
    for name in made.unmatched:
        print("codegen: overlay without a target in this document: %s" % name, file=sys.stderr)
    output = emit.files(made, sources.since["oldest"])
    if options.check:
        return _check(output, options.out)
    emit.write(output, options.out)
    print(
        "%d operations, %d schemas, %d files in %s"
        % (len(made.operations), len(made.schemas), len(output), Path(options.out).name)
    )
    return 0


def _check(output, folder):
    differing = emit.stale(output, folder)
    for path in differing:
        print("stale: %s" % path)
    print("%d of %d generated files are stale" % (len(differing), len(output)))
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
