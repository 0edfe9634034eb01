"""Random documents, and documents with random faults: right, or refused with their place."""

import copy
import json
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_document import Maker
from test_any_document import RIGHT
from tiny import NO_SOURCES
from verify import check_message, outcome

from codegen import emit, load
from codegen.__main__ import DOCUMENT, passed

#: What stands where something else belongs.
WRONG = (None, 5, "x", [], {}, True, False, [1], {"a": 1}, -1.5, "", [None], [{}], {"$ref": 5})
WRONG += ({"$ref": "#/paths"}, {"$ref": "#/components/schemas"}, {"type": "array"}, "object")
SETTINGS = settings(deadline=None, suppress_health_check=list(HealthCheck))
RANDOM = st.randoms(use_true_random=False)


@settings(SETTINGS, max_examples=25)
@given(rnd=RANDOM)
def test_a_random_document(tmp_path_factory, capsys, rnd):
    document = Maker(rnd).document()
    outcome(tmp_path_factory.mktemp("random"), document, capsys, seed=rnd.randint(0, 999))


def test_random_documents_are_mostly_right(tmp_path_factory, capsys):
    """Of the same ones each time: hypothesis has favourites, and they may all be refused."""
    made = [Maker(random.Random(seed)).document() for seed in range(12)]
    outcomes = [outcome(tmp_path_factory.mktemp("random"), each, capsys)[0] for each in made]
    assert outcomes.count("right") > len(outcomes) / 2, outcomes


def places(node, way=()):
    if way:
        yield way
    if isinstance(node, (dict, list)):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from places(value, way + (key,))


def spoil(rnd, document):
    """Put something else, or nothing, at a random place."""
    *way, last = rnd.choice(list(places(document)))
    for key in way:
        document = document[key]
    if isinstance(document, dict) and rnd.random() < 0.2:
        del document[last]
    else:
        document[last] = copy.deepcopy(rnd.choice(WRONG))


@settings(SETTINGS, max_examples=200)
@given(rnd=RANDOM)
def test_a_document_with_random_faults(rnd):
    document = copy.deepcopy(RIGHT[rnd.choice(sorted(RIGHT))])
    for _ in range(rnd.choice([1, 1, 2])):
        spoil(rnd, document)
    try:
        output = emit.files(passed(document, NO_SOURCES))
    except load.DocumentError as error:
        check_message("codegen: %s" % error, document)
        return
    for path, text in output.items():
        if path.endswith((".py", ".pyi")):
            compile(text, path, "exec")


@settings(SETTINGS, max_examples=5)
@given(rnd=RANDOM)
def test_the_interface_with_a_random_fault(rnd):
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    spoil(rnd, document[rnd.choice(["paths", "components"])])
    try:
        passed(document, NO_SOURCES)
    except load.DocumentError as error:
        check_message("codegen: %s" % error, document)
