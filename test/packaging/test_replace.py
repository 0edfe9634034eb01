"""In the place of the published SDK, and the other way round."""

import pytest
from environments import TODAY, names
from workshop import PUBLISHED, call, paths

# Environments take their time where all Pythons are tested at once.
pytestmark = pytest.mark.timeout(600)


class Replacement:
    """The published SDK, this one, the published one again, in one environment.

    Attributes:
        calls: what one call gave under each, list of dict.
        files: the files in the folder of packages after that call, list of sets of Path.
    """

    def __init__(self, workshop, version):
        environment = workshop.environment(version, "%s-replaced" % version)
        self.calls, self.files = [], []
        for wanted in (PUBLISHED, "cloudtower-sdk==%s" % workshop.version, PUBLISHED):
            # Not all 2,000 modules of the published SDK: those that the call loads.
            environment.pip("install", "--no-compile", wanted)
            self.calls.append(call(environment))
            packages = environment.packages
            found = (path.relative_to(packages) for path in packages.rglob("*.*"))
            ours = ("cloudtower", "cloudtower_sdk", "test")
            self.files.append({path for path in found if path.parts[0].split("-")[0] in ours})


@pytest.fixture(scope="module")
def started(workshop):
    """{version: future of a Replacement}"""
    if not workshop.published:
        pytest.skip("%s cannot be had here" % PUBLISHED)
    return {
        version: workshop.pool.submit(Replacement, workshop, version)
        for version in ("2.7", TODAY)
        if workshop.has(version)
    }


@pytest.fixture(scope="module", params=["2.7", TODAY])
def replaced(request, started):
    if request.param not in started:
        pytest.skip("no Python %s on this machine" % request.param)
    return started[request.param].result()


def test_each_is_imported_and_called(replaced, workshop):
    published = PUBLISHED.split("==")[1]
    assert [each["version"] for each in replaced.calls] == [published, workshop.version, published]
    assert [each["count"] for each in replaced.calls] == [3, 3, 3]


def test_an_upgrade_leaves_nothing_behind(replaced, workshop):
    before, after, _ = replaced.files
    assert any(path.parts[0] == "test" for path in before)
    assert not any(path.parts[0] == "test" for path in after)
    folder = workshop.source / "cloudtower"
    expected = names(path.relative_to(workshop.source) for path in folder.rglob("*.*"))
    assert {name for name in names(after) if name.startswith("cloudtower/")} == expected | paths()
    assert_compiled_files_have_a_source(after)


def test_a_downgrade_leaves_nothing_behind(replaced):
    before, _, after = replaced.files
    assert names(after) == names(before)
    assert_compiled_files_have_a_source(after)


def assert_compiled_files_have_a_source(files):
    compiled = {path for path in files if path.suffix == ".pyc"}
    assert compiled
    for path in compiled:
        folder = path.parent.parent if path.parent.name == "__pycache__" else path.parent
        assert folder / (path.name.split(".")[0] + ".py") in files
