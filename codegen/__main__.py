"""Makes the package from the interface document.

python -m codegen [--spec FILE] [--out DIR] [--check]
python -m codegen diff OLD NEW [--format text|markdown|json]
python -m codegen intake DOCUMENT --version VERSION [--accept-removals] [--again]
python -m codegen lacking

`python -m codegen COMMAND --help` says what a command takes.
"""

import argparse
import gzip
import subprocess
import sys
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

from codegen import (
    carried,
    changelog,
    diff,
    emit,
    figures,
    files,
    form,
    intake,
    lacking,
    load,
    mend,
    outdated,
    parse,
    passes,
    releases,
    report,
    wording,
)
from codegen.passes import meanings

REPOSITORY = Path(__file__).resolve().parent.parent
SPEC = REPOSITORY / "spec"
DOCUMENT = SPEC / "openapi.json"
#: That of the release before, once an intake has taken its place.
PREVIOUS = SPEC / "previous.json.gz"

_LISTS = (
    "test/typing/signatures.txt",
    "test/typing/accepted-breaks.txt",
    "test/simulator/derived.txt",
)

#: Exit status after Ctrl-C, as shells have it.
_INTERRUPTED = 130

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
    sources, document = sources or sources_of(SPEC), load.document(path)
    made = passed(document, sources)
    return replace(made, unmatched=_without_target(path, document, sources) + made.unmatched)


def _without_target(path, document, sources):
    """The steps and renames of overlays that find nothing in a document, a tuple of str."""
    if Path(path) == DOCUMENT:  # in which they have been carried out
        return ()
    return mend.mended(document, sources.overlays)[1]


def passed(document, sources):
    """The Interface of a document, mended by its overlays and checked, after all passes.

    Raises load.DocumentError.
    """
    mended, _ = mend.mended(document, sources.overlays)
    odd = load.check(mended)
    made = parse.interface(mended)
    made = replace(made, remarks=odd + made.remarks)
    for run in passes.ALL:
        made = run(made, sources)
    # Sentences are no part of the interface.
    return replace(made, digest=load.digest(document, (sources.since, sources.overlays)))


def generate(options):
    """Write the generated files, or with `--check` say which are stale."""
    made = interface(options.spec)
    _tell(made)
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
    counts = [wording.counted(len(operations), "operation"), wording.counted(len(fields), "field")]
    print("%s and %s without a meaning" % tuple(counts))
    return 0


def compare(options):
    """Print what changed between two documents."""
    sources = sources_of(SPEC)
    old, _ = _read("OLD", options.old, sources)
    new, unmatched = _read("NEW", options.new, sources)
    _tell_remarks(new)
    _tell_unmatched(unmatched)
    changes = diff.compare(old, new)
    print(report.FORMATS[options.format](changes))
    return 0


def _read(which, path, sources):
    """(Interface, what overlays miss) of one of two documents; an error says which one is meant."""
    try:
        document = load.document(path)
        return passed(document, sources), _without_target(path, document, sources)
    except (load.DocumentError, ValueError) as error:
        raise load.DocumentError("%s (%s)" % (which, path), error) from error


def take_in(options):
    """Make a newer document the input, date what is new in it, and generate."""
    version, sources = options.version, sources_of(SPEC)
    releases.check(version, sources.since)
    given, missed = mend.mended(load.document(options.document), sources.overlays)
    load.check(given)
    former = load.document(DOCUMENT)
    document = intake.reduced(given, former, version)
    text = form.text(document)
    is_again = version == releases.newest(sources.since)
    if is_again and not options.again:
        if text == DOCUMENT.read_text(encoding="utf-8"):
            return _completed(version, sources)
        told = "spec/ has a document of %s already; --again puts this one in its place"
        raise ValueError(told % version)
    present, new = passed(former, sources), passed(document, sources)
    old = present
    if is_again and PREVIOUS.exists():
        old = passed(load.document(PREVIOUS), sources)
    named, renamed = carried.over(sources, present, new)
    if renamed:
        new = passed(document, named)
    gone = outdated.gone(present.unmatched, new.unmatched)
    kept = outdated.without(named, gone)
    kept = kept._replace(since=intake.dated(sources.since, old, new, version))
    new = passed(document, kept)
    changes = diff.compare(old, new)
    if not options.accept_removals:
        intake.check_removals(old, new, changes, given.get("info", {}).get("version"))
    output = emit.files(new, kept.since["oldest"])
    # Only now: a document that cannot be used changes nothing.
    written = {
        "spec/openapi.json": text,
        "spec/since.json": form.text(kept.since),
        "spec/changes/%s.json" % version: report.as_json(changes) + "\n",
        **{"spec/" + path: pruned for path, pruned in outdated.files(sources, kept).items()},
        **_pages(new, changes),
    }
    previous = {} if is_again else {"spec/" + PREVIOUS.name: _packed(former)}
    written = {path: content and content.encode("utf-8") for path, content in written.items()}
    files.replace(REPOSITORY, {**written, **previous, **emit.changed(output, REPOSITORY)})
    print(report.text(changes))
    for each in renamed:
        print("carried over (a guess): %s" % each)
    for each in gone:
        print("no longer in the interface, so taken out of spec/: %s" % each)
    _refresh_lists(version)
    _tell_remarks(new)
    _tell_unmatched(missed + new.unmatched)
    _tell_name(given, document)
    _tell_counts(new, output)
    print(lacking.text(old, new, REPOSITORY))
    return 0


def _packed(document):
    """A document as `previous.json.gz` has it, bytes."""
    return gzip.compress(form.text(document).encode("utf-8"), mtime=0)


def _completed(version, sources):
    """Write what is stale of what an intake of the document in `spec/` makes.

    Returns the exit status.
    """
    output = emit.files(interface(DOCUMENT, sources), sources.since["oldest"])
    stale = emit.changed(output, REPOSITORY)
    files.replace(REPOSITORY, stale)
    lists = _lists()
    done = _refresh_lists(version)
    stale = [*stale, *(name for name, content in _lists().items() if content != lists[name])]
    if stale:
        print("spec/ has this document already; written, as they were stale:")
        print("\n".join("  " + name for name in stale))
    elif done:
        print("spec/ has this document already; nothing changes")
    return 0 if done else 1


def _lists():
    """The lists in `test/` that show what the package is made into: {path: bytes, or None}."""
    paths = {name: REPOSITORY / name for name in _LISTS}
    return {name: path.read_bytes() if path.exists() else None for name, path in paths.items()}


def _pages(new, changes):
    """The pages that people write and an intake changes: {path: text}."""
    made, numbers = {}, figures.of(new)
    for path in (changelog.PATH, *figures.PHRASES):
        if (REPOSITORY / path).exists():
            text = (REPOSITORY / path).read_text(encoding="utf-8")
            if path == changelog.PATH:
                made[path] = changelog.drafted(text, new.version, changes)
            else:
                made[path] = figures.replaced(path, text, numbers)
    return made


def _refresh_lists(version):
    """Bring the lists in `test/` up to date, and return whether that succeeded."""
    succeeded = True
    for script, *more in (
        ("test/typing/refresh_signatures.py", "--accept", "CloudTower %s changed them" % version),
        ("test/simulator/derived.py",),
    ):
        if (REPOSITORY / script).exists():
            command = [sys.executable, script, *more]
            done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
            if done.returncode:
                succeeded = False
                reason = (done.stderr.strip().splitlines() or ["it failed"])[-1]
                told = "codegen: run it again: python %s (%s)"
                print(told % (script, reason), file=sys.stderr)
    return succeeded


def _tell(made):
    """Say what is odd, on standard error."""
    _tell_remarks(made)
    _tell_unmatched(made.unmatched)


def _tell_unmatched(names):
    """Say what overlays and meanings address in vain."""
    for name in names:
        print("codegen: addresses nothing in this document: %s" % name, file=sys.stderr)


def _tell_name(given, document):
    """Say what a document calls itself, where that is not kept."""
    name = given.get("info", {}).get("version")
    if name not in intake.names_of(document):
        told = "the document calls itself %s; spec/openapi.json calls it CloudTower %s"
        print(told % (name or "nothing", document["info"]["version"]))


def _tell_remarks(made):
    """Say what is odd in the document."""
    for text in made.remarks:
        print("codegen: not an error, but odd: %s" % text, file=sys.stderr)


def _tell_counts(made, output):
    """Say how much was made."""
    counts = len(figures.operations(made)), len(made.schemas), len(output)
    print("%d operations, %d schemas, %d files" % counts)


def main(arguments=None):
    """Run the command line, by default that of the process. Returns the exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    options = _parser(arguments[:1]).parse_args(arguments)
    try:
        return options.run(options)
    except (load.DocumentError, ValueError) as error:
        print("codegen: %s" % error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        told = "codegen: interrupted; the same command again does what is missing"
        print(told, file=sys.stderr)
        return _INTERRUPTED


def _parser(first):
    """The parser of a command line; `first` is a list of its first argument, or empty."""
    known = {"diff": compare, "intake": take_in, "lacking": list_lacking}
    command = first[0] if first and first[0] in known else None
    parser = argparse.ArgumentParser(
        prog="python -m codegen %s" % command if command else "python -m codegen",
        description=known[command].__doc__ if command else __doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if command:
        parser.add_argument("command", help=argparse.SUPPRESS)
        parser.set_defaults(run=known[command])
    if command == "diff":
        parser.add_argument("old", metavar="OLD", help="the older document")
        parser.add_argument("new", metavar="NEW", help="the newer document")
        parser.add_argument(
            "--format", choices=report.FORMATS, default="text", help="of what is printed"
        )
    elif command == "intake":
        parser.add_argument("document", metavar="DOCUMENT", help="the vendor's document")
        parser.add_argument("--version", required=True, help="its CloudTower version, as in 5.0.0")
        parser.add_argument(
            "--accept-removals", action="store_true", help="even if it removes more than it adds"
        )
        parser.add_argument(
            "--again", action="store_true", help="another document of the newest version"
        )
    elif command != "lacking":
        parser.add_argument("--spec", default=DOCUMENT, help="the OpenAPI document")
        parser.add_argument("--out", default=REPOSITORY, help="the folder that gets cloudtower/")
        parser.add_argument("--check", action="store_true", help="only say what is stale")
        parser.set_defaults(run=generate)
    return parser


if __name__ == "__main__":
    sys.exit(main())
