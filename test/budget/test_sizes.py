"""Limits of size that need no clock: lines, characters, kilobytes, modules loaded."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import isolation
import pytest

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ("api", "models")
# What a script pays for only when it makes its first request.
HEAVY = {"urllib3", "dateutil", "six", "certifi", "logging", "http.client", "multiprocessing"}


def generated_files():
    return [path for name in GENERATED for path in (ROOT / "cloudtower" / name).glob("*.py")]


def hand_written_files():
    files = list(ROOT.glob("*.py"))
    for folder in ("bench", "cloudtower", "codegen", "test"):
        files.extend((ROOT / folder).rglob("*.py"))
    ours = [path for path in files if ".venvs" not in path.parts]  # where bench installs
    return sorted(set(ours) - set(generated_files()))


def lines(path):
    return path.read_text(encoding="utf-8").splitlines()


def loaded_by(statement):
    """The modules that a statement loads in a fresh interpreter, a set of names."""
    code = (
        "import sys\n"
        "before = set(sys.modules)\n"
        "%s\n"
        "loaded = sorted(set(sys.modules) - before)\n"
        "import json\n"  # only now: it must not hide what the statement loads
        "print(json.dumps(loaded))\n" % statement
    )
    return set(json.loads(subprocess.check_output([sys.executable, "-c", code], cwd=str(ROOT))))


def test_generated_lines():
    assert sum(len(lines(path)) for path in generated_files()) < 30000


def test_generated_lines_can_be_read():
    longest = max((len(line), path.name) for path in generated_files() for line in lines(path))
    assert longest[0] <= 200, longest


def test_lines_of_stubs():
    stubs = set((ROOT / "cloudtower").rglob("*.pyi"))
    generated = {path for path in stubs if path.parent.name in GENERATED}
    generated |= {ROOT / "cloudtower" / name for name in ("__init__.pyi", "types.pyi")}
    assert sum(len(lines(path)) for path in stubs - generated) < 2500
    # What generated ones weigh, the wheel shows; this is what a checker reads.
    assert sum(len(lines(path)) for path in generated) < 90000


def test_hand_written_modules_fit_one_sitting():
    lengths = {path.relative_to(ROOT): len(lines(path)) for path in hand_written_files()}
    # Cases stand one behind the other; who looks for one does not read the others.
    longest = {path: 750 if path.parts[0] == "test" else 600 for path in lengths}
    assert not {str(path): length for path, length in lengths.items() if length > longest[path]}


def test_the_simulator_stays_lean():
    # All that is written there by hand, blank lines and comments too. Clarity goes first:
    # this only shows that somebody noticed it grow.
    files = (ROOT / "cloudtower" / "simulator").rglob("*.py")
    assert sum(len(lines(path)) for path in files) < 17250


def test_import_loads_nothing_but_the_lazy_mechanism():
    ours = {name for name in loaded_by("import cloudtower") if name.startswith("cloudtower")}
    assert ours == {"cloudtower", "cloudtower._runtime", "cloudtower._runtime.lazy"}


def test_import_loads_few_modules():
    loaded = loaded_by("import cloudtower")
    assert not loaded & HEAVY
    assert len(loaded) <= 10, sorted(loaded)


def test_client_and_one_api_load_nothing_heavy():
    loaded = loaded_by("from cloudtower import ApiClient, Configuration, VmApi")
    assert not loaded & HEAVY
    assert not any(name.startswith("cloudtower.models.") for name in loaded)
    assert len(loaded) <= 90, sorted(loaded)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built from a copy: a build leaves folders behind."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    leave = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "*.egg-info")
    shutil.copytree(str(ROOT), str(source), ignore=leave)
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(source)]
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=isolation.with_index(folder),
    )
    assert done.returncode == 0, done.stdout.decode("utf-8", "replace")
    (built,) = folder.glob("*.whl")
    return built


def test_wheel_is_small_and_for_every_python(wheel):
    assert wheel.name.endswith("-py2.py3-none-any.whl")
    assert wheel.stat().st_size < 2300 * 1000


def test_wheel_holds_the_package_alone(wheel):
    with zipfile.ZipFile(str(wheel)) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
        metadata = [name for name in tops if name.endswith(".dist-info")]
    assert tops == {"cloudtower"} | set(metadata)
