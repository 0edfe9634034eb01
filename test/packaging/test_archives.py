"""The archives that `python -m build` makes."""

import os
import re
import tarfile
import zipfile

import isolation
import pytest
from environments import names, run
from workshop import build, paths

# Environments take their time where all Pythons are tested at once.
pytestmark = pytest.mark.timeout(600)

# What somebody who builds from it, or reads it, needs beside the package.
BESIDE = {
    "CHANGELOG.md",
    "LICENSE",
    "MANIFEST.in",
    "PKG-INFO",
    "README.md",
    "README.zh-CN.md",
    "requirements.txt",
    "setup.cfg",
    "setup.py",
}


@pytest.fixture(scope="module")
def package(workshop):
    folder = workshop.source / "cloudtower"
    return names(path.relative_to(workshop.source) for path in folder.rglob("*.*"))


@pytest.fixture(scope="module")
def again(workshop, tmp_path_factory):
    """The archives of a clone whose files have other times and modes, and traces of a build."""
    folder = tmp_path_factory.mktemp("elsewhere") / "another-name"
    home = folder.parent
    command = ["git", "clone", "-q", workshop.source, folder]
    run(command, env=isolation.variables(home))
    for path in folder.rglob("*.*"):
        path.chmod(0o775)
        os.utime(path, (1600000000, 1600000000))
    for name in ("build/lib/cloudtower/old.py", "cloudtower/__pycache__/old.cpython-311.pyc"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    (folder / "cloudtower_sdk.egg-info").mkdir()
    (folder / "cloudtower_sdk.egg-info" / "SOURCES.txt").write_text("test/conftest.py\nruff.toml\n")
    former = os.umask(0o002)
    try:
        return build(folder, folder.parent / "dist")
    finally:
        os.umask(former)


def test_they_are_the_same_whoever_builds_them(workshop, again):
    first = (workshop.archive, workshop.wheel)
    assert [path.name for path in first] == [path.name for path in again]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]


def test_what_is_in_the_source_archive(workshop, package):
    with tarfile.open(workshop.archive) as archive:
        found = {member.name.split("/", 1)[1] for member in archive}
    described = {name for name in found if name.startswith("cloudtower_sdk.egg-info/")}
    assert found - described == package | BESIDE


def test_what_is_in_the_wheel(workshop, package):
    assert workshop.wheel.name.endswith("-py2.py3-none-any.whl")
    with zipfile.ZipFile(workshop.wheel) as archive:
        found = set(archive.namelist())
        line = archive.read("cloudtower/models/vm_where_input.pyi").decode()
    described = {name for name in found if name.startswith("cloudtower_sdk-") and "/" in name}
    assert found - described == package | paths()
    assert line == "from cloudtower.models.vm import VmWhereInput as VmWhereInput\n"


def test_links_of_the_description_work_anywhere(workshop):
    with zipfile.ZipFile(workshop.wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        description = archive.read(name).decode("utf-8")
    links = re.findall(r"\]\(([^)]*)\)", description)
    assert len(links) > 20
    assert [link for link in links if not link.startswith(("https://", "#"))] == []
    assert any(link.endswith("/v%s/docs/demo.svg" % workshop.version) for link in links)


def test_they_stay_small(workshop):
    # 550 kB of it are the zip's entries of the 1,881 stubs that have a line each. The simulator
    # has many small modules, one a resource.
    assert workshop.wheel.stat().st_size < 2300000
    assert workshop.archive.stat().st_size < 1200000
