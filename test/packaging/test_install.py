"""The ways to install it that the user guide has, each in a new environment."""

import re
import tarfile

import isolation
import pytest
from environments import VERSIONS, names, run
from workshop import call, paths

# Environments take their time where all Pythons are tested at once.
pytestmark = pytest.mark.timeout(600)


def _wheel(workshop, environment):
    return environment.pip("install", workshop.wheel)


def _archive(workshop, environment):
    if not environment.setup_brings_dependencies():
        return environment.pip("install", workshop.archive)
    with tarfile.open(workshop.archive) as archive:
        archive.extractall(environment.home)
    (folder,) = environment.home.glob("cloudtower*")
    return environment.run("setup.py", "install", cwd=folder)


def _checkout(workshop, environment):
    folder = environment.home / "checkout"
    command = ["git", "clone", "-q", workshop.source, folder]
    run(command, env=isolation.variables(environment.home))
    if not environment.setup_brings_dependencies():
        return environment.run("-m", "pip", "install", ".", cwd=folder)
    return environment.run("setup.py", "install", cwd=folder)


def _git(workshop, environment):
    return environment.pip("install", "git+file://%s" % workshop.source)


def _index(workshop, environment):
    return environment.pip("install", "cloudtower-sdk")


ROUTES = {
    "wheel": _wheel,
    "archive": _archive,
    "checkout": _checkout,
    "git": _git,
    "index": _index,
}


NEEDED = ("certifi", "dateutil", "six", "urllib3")


class Installation:
    """What one way has done in a new environment.

    Attributes:
        version: of its Python, str.
        route: str.
        output: what was printed, text.
        elsewhere: new files outside of the folder of packages, set of text.
        added: new files in that folder; those of an egg as if they lay in it.
        called: what one call gave, and the files that were used, dict.
        checked: what `pip check` says, text.
    """

    def __init__(self, workshop, version, route):
        self.version = version
        self.route = route
        self.environment = workshop.environment(version, "%s-%s" % (version, route))
        before = self.environment.files()
        self.output = ROUTES[route](workshop, self.environment)
        packages = self.environment.packages.relative_to(self.environment.folder)
        new = self.environment.files() - before
        self.elsewhere = names(path for path in new if packages not in path.parents)
        added = names(path.relative_to(packages) for path in new if packages in path.parents)
        self.added = {re.sub(r"^[^/]+\.egg/", "", name) for name in added}
        self.called = call(self.environment, *NEEDED)
        self.checked = self.environment.pip("check")


@pytest.fixture(scope="module")
def started(request, workshop):
    """{(version, route): future of an Installation} of all that the chosen tests ask for."""
    # Of this file alone: others may have a fixture of that name, without parameters.
    items = [each for each in request.session.items if each.path == request.path]
    items = [each for each in items if "installed" in each.fixturenames]
    wanted = {each.callspec.params["installed"] for each in items}
    return {
        (version, route): workshop.pool.submit(Installation, workshop, version, route)
        for version, route in sorted(wanted, key=lambda case: case[::-1])
        if workshop.has(version)
    }


@pytest.fixture(
    scope="module",
    params=[(version, route) for version in VERSIONS for route in ROUTES],
    ids="-".join,
)
def installed(request, started):
    version, route = request.param
    if request.param not in started:
        pytest.skip("no Python %s on this machine" % version)
    return started[request.param].result()


def test_it_is_imported_and_called(installed, workshop):
    assert installed.called["version"] == workshop.version
    assert installed.called["count"] == 3


def test_it_and_what_it_needs_are_in_the_environment(installed):
    for path in installed.called["files"]:
        assert path.startswith(str(installed.environment.packages))
    assert "No broken requirements found." in installed.checked


def test_its_files_are_those_of_the_package(installed, workshop):
    folder = workshop.source / "cloudtower"
    expected = names(path.relative_to(workshop.source) for path in folder.rglob("*.*"))
    # What 2.x builds is without the simulator, and without the stubs of paths. The wheel for
    # all has them, see setup.py.
    if installed.version == "2.7" and installed.route not in ("wheel", "index"):
        expected = {name for name in expected if not name.startswith("cloudtower/simulator/")}
    else:
        expected |= paths()
    assert {name for name in installed.added if name.startswith("cloudtower/")} == expected


def test_nothing_else_is_installed(installed, workshop):
    assert installed.elsewhere == set()
    own = re.compile(r"cloudtower/|cloudtower_sdk-[^/]+-info/|EGG-INFO/|easy-install\.pth$")
    others = {name.split("/")[0] for name in installed.added if not own.match(name)}
    assert others <= workshop.needed(installed.version)


def test_nothing_is_printed_of_syntax(installed):
    assert "SyntaxError" not in installed.output


def test_a_wheel_built_on_27_is_without_the_simulator_and_taken_there(workshop):
    if not workshop.has("2.7"):
        pytest.skip("no Python 2.7 on this machine")
    environment = workshop.environment("2.7", "2.7-own-wheel")
    folder = environment.home / "wheels"
    environment.pip("wheel", "--no-deps", "-w", folder, workshop.archive)
    (built,) = folder.iterdir()
    assert built.name.endswith("-py27-none-any.whl")
    (folder / workshop.wheel.name).write_bytes(workshop.wheel.read_bytes())
    output = environment.pip("install", "--no-deps", "--find-links", folder, "cloudtower-sdk")
    assert built.name in output
    assert not (environment.packages / "cloudtower" / "simulator").exists()
