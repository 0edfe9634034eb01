"""All operations of the interface, or of another document, called and held against it.

CLOUDTOWER_DOCUMENT=vendor.json python -m pytest test/codegen/test_whole_document.py
"""

import json
import os
import random
from pathlib import Path

import verify

from codegen.__main__ import DOCUMENT, main

#: The document; by default that of `spec/`.
GIVEN = Path(os.environ.get("CLOUDTOWER_DOCUMENT", DOCUMENT))
_DEPTH = 2  # of values that are four levels deep; more is much slower and finds no more
_SECONDS = 900


def test_every_operation_sends_and_returns_what_the_document_says(tmp_path):
    assert main(["--spec", str(GIVEN), "--out", str(tmp_path / "out")]) == 0
    document = json.loads(GIVEN.read_text(encoding="utf-8-sig"))
    seed = random.randrange(10**6)
    print("seed", seed)  # shown where it fails
    verify.check_client(tmp_path, document, seed, _DEPTH, _SECONDS)
