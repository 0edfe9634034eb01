"""Makes the package from the interface document.

python -m codegen [--spec FILE] [--out DIR] [--check]
python -m codegen diff OLD NEW [--changelog VERSION]
python -m codegen intake DOCUMENT --version VERSION
python -m codegen lacking
"""

import argparse
import sys
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

from codegen import diff, emit, intake, load, parse, passes
from codegen.passes import meanings

REPOSITORY = Path(__file__).resolve().parent.parent
SPEC = REPOSITORY / "spec"
DOCUMENT = SPEC / "openapi.json"

#: What lies beside the document, for the passes.
Sources = namedtuple("Sources", "since overlays meanings", defaults=((),))


def sources_of(folder):
    """The Sources of a folder such as `spec/`. Raises load.DocumentError."""
    return Sources(load.since(folder), load.overlays(folder), load.meanings(folder))


def interface(path, sources=None):
    """The Interface of a document, after all passes.

    Parameters:
        path: of the document.
        sources: Sources; by default those of `spec/`.

    Raises load.DocumentError.
    """
    return passed(load.document(path), sources or sources_of(SPEC))


def passed(document, sources):
    """The Interface of a checked document, after all passes."""
    made = parse.interface(document)
    for run in passes.ALL:
        made = run(made, sources)
    # Sentences are no part of the interface.
    return replace(made, digest=load.digest(document, (sources.since, sources.overlays)))


def generate(options):
    """Write the generated files, or with `--check` say which are stale."""
    made = interface(options.spec)
    _tell_unmatched(made)
    output = emit.files(made, load.since(SPEC)["oldest"])
    if options.check:
        differing = emit.stale(output, options.out)
        for path in differing:
            print("stale: %s" % path)
        print("%d of %d generated files are stale" % (len(differing), len(output)))
        return 1 if differing else 0
    emit.write(output, options.out)
    _tell_counts(made, output)
    return 0


def list_lacking(options):
    """Print what has no meaning yet, of the resources that have a file of meanings."""
    operations, fields = meanings.lacking(interface(DOCUMENT), sources_of(SPEC))
    for name in operations + fields:
        print(name)
    print("%d operations and %d fields have no meaning" % (len(operations), len(fields)))
    return 0


def compare(options):
    """Print what changed between two documents."""
    changes = diff.compare(interface(options.old), interface(options.new))
    if options.changelog:
        print(diff.changelog(changes, options.changelog))
    else:
        print(diff.text(changes))
    return 0


def take_in(options):
    """Make a newer document the input, date what is new in it, and generate."""
    sources = sources_of(SPEC)
    old = interface(DOCUMENT, sources)
    document = intake.reduced(load.document(options.document), load.document(DOCUMENT))
    load.check(document)
    new = passed(document, sources)
    since = intake.dated(sources.since, old, new, options.version)
    new = passed(document, sources._replace(since=since))
    output = emit.files(new, since["oldest"])
    # Only now: a document that cannot be used changes nothing.
    DOCUMENT.write_text(intake.text(document), encoding="utf-8")
    (SPEC / "since.json").write_text(intake.text(since), encoding="utf-8")
    emit.write(output, REPOSITORY)
    _tell_unmatched(new)
    print(diff.text(diff.compare(old, new)))
    _tell_lacking(old, new, sources)
    _tell_counts(new, output)
    return 0


def _tell_unmatched(made):
    for name in made.unmatched:
        print("codegen: addresses nothing in this document: %s" % name, file=sys.stderr)


def _tell_lacking(old, new, sources):
    """Say how much of what is new has no meaning."""
    known = meanings.lacking(old, sources)
    operations, fields = (
        len(set(lacking) - set(before))
        for lacking, before in zip(meanings.lacking(new, sources), known)
    )
    if operations or fields:
        print("no meaning yet: %d new operations, %d new fields" % (operations, fields))


def _tell_counts(made, output):
    counts = len(made.operations), len(made.schemas), len(output)
    print("%d operations, %d schemas, %d files" % counts)


def main(arguments=None):
    arguments = sys.argv[1:] if arguments is None else arguments
    options = _parser(arguments[:1]).parse_args(arguments)
    try:
        return options.run(options)
    except (load.DocumentError, ValueError) as error:
        print("codegen: %s" % error, file=sys.stderr)
        return 2


def _parser(first):
    parser = argparse.ArgumentParser(
        prog="python -m codegen",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if first == ["diff"]:
        parser.add_argument("command")
        parser.add_argument("old", help="the older document")
        parser.add_argument("new", help="the newer document")
        parser.add_argument("--changelog", metavar="VERSION", help="print a changelog entry")
        parser.set_defaults(run=compare)
    elif first == ["intake"]:
        parser.add_argument("command")
        parser.add_argument("document", help="the vendor's document")
        parser.add_argument("--version", required=True, help="its CloudTower version")
        parser.set_defaults(run=take_in)
    elif first == ["lacking"]:
        parser.add_argument("command")
        parser.set_defaults(run=list_lacking)
    else:
        parser.add_argument("--spec", default=DOCUMENT, help="the OpenAPI document")
        parser.add_argument("--out", default=REPOSITORY, help="the folder that gets cloudtower/")
        parser.add_argument("--check", action="store_true", help="only say what is stale")
        parser.set_defaults(run=generate)
    return parser


if __name__ == "__main__":
    sys.exit(main())
