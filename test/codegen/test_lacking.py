"""What an intake says is still to be done, of a simulator that cannot make its worlds."""

import pytest
from tiny import operation, passed

from codegen import lacking

POST = {"post": operation("DoThing")}
OLD = passed(paths={"/do-thing": POST})
NEW = passed(paths={"/do-thing": POST, "/move-thing": {"post": operation("MoveThing")}})
FILES = {
    "__init__.py": "",
    "simulator/__init__.py": "",
    "simulator/coverage.py": "def rows():\n    return [('/do-thing', 'stateful', [])]\n",
    "simulator/schema/__init__.py": "",
    "simulator/schema/gone.py": "NAMES = set()\n",
    "simulator/tower.py": "def Tower(world):\n    pass\n",
}
BROKEN = """
def Tower(world):
    if world == "docs":
        raise ValueError("memory must be of type str")
"""


@pytest.fixture
def told(tmp_path):
    """callable(**files) -> what is said in a repository whose simulator has these files"""

    def text(**files):
        for name, content in FILES.items():
            path = tmp_path / "cloudtower" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files.get(path.stem, content), encoding="utf-8")
        return lacking.text(OLD, NEW, tmp_path).splitlines()[1:-1]

    return text


def test_a_world_that_cannot_be_made_is_named_and_the_rest_listed(told):
    without = "  1 operation has no behaviour in the simulator: /move-thing"
    assert told() == [without]
    reason = "  the simulator cannot make its world docs (ValueError: memory must be of type str)"
    assert told(tower=BROKEN) == [reason, without]


def test_a_simulator_that_fails_is_named_with_the_reason(told):
    start = "  the simulator, which could not be asked, may lack behaviour: "
    assert told(coverage="raise KeyError('vms')\n") == [start + "KeyError: 'vms'"]


def test_another_method_of_a_known_path_is_new():
    new = passed(paths={"/do-thing": dict(POST, put=operation("PutThing"))})
    assert [each.name for each in lacking.operations(OLD, new)] == ["put_thing"]
