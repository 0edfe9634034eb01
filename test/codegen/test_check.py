"""`--check`, `write` and the exit statuses."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
from tiny import document, generated, operation, passed, saved

from codegen import emit
from codegen.__main__ import main

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def package(tmp_path):
    """A folder with what the tiny document gives."""
    status, out = generated(tmp_path, document())
    assert status == 0
    return out


def check(package, content=None):
    path = saved(package.parent, content or document())
    return main(["--spec", str(path), "--out", str(package), "--check"])


def files():
    return emit.files(passed(), "1.0.0")


def write(folder):
    emit.write(files(), folder)
    return folder


def stale(folder):
    return [path for path in emit.stale(files(), folder) if not path.startswith("docs/")]


def test_nothing_is_stale_right_after_writing(tmp_path):
    assert stale(write(tmp_path)) == []


def test_a_changed_file_is_stale(tmp_path):
    path = write(tmp_path) / "cloudtower/models/thing.py"
    path.write_text(path.read_text() + "\n")
    assert stale(tmp_path) == ["cloudtower/models/thing.py"]


def test_a_missing_file_is_stale(tmp_path):
    (write(tmp_path) / "cloudtower/_spec.py").unlink()
    assert stale(tmp_path) == ["cloudtower/_spec.py"]


@pytest.mark.parametrize("name", ["cloudtower/models/old.py", "cloudtower/api/old_api.pyi"])
def test_an_abandoned_file_is_stale_and_goes_with_the_next_write(tmp_path, name):
    (write(tmp_path) / name).write_text("")
    assert stale(tmp_path) == [name]
    write(tmp_path)
    assert stale(tmp_path) == [] and not (tmp_path / name).exists()


def test_a_packed_file_is_compared_by_what_it_says(tmp_path):
    """Another zlib makes other bytes of the same text: they are neither stale nor replaced."""
    path = write(tmp_path) / "cloudtower/_meanings.json.gz"
    content = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(content, 1, mtime=5))
    before = path.read_bytes()
    assert stale(write(tmp_path)) == [] and path.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"", b"no gzip", gzip.compress(b"{}"), gzip.compress(b"a")[:9]]
)
def test_a_broken_packed_file_is_stale_and_is_mended(tmp_path, content):
    path = write(tmp_path) / "cloudtower/_meanings.json.gz"
    path.write_bytes(content)
    assert stale(tmp_path) == ["cloudtower/_meanings.json.gz"]
    assert stale(write(tmp_path)) == []


def test_other_files_stay(tmp_path):
    for name in ("cloudtower/mine.py", "cloudtower/api/notes.txt", "docs/guide.md"):
        path = write(tmp_path) / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
        assert stale(tmp_path) == []
        write(tmp_path)
        assert path.read_text() == "mine"


def test_a_folder_elsewhere_gets_the_hand_written_part_too(tmp_path):
    write(tmp_path)
    assert (tmp_path / "cloudtower/api_client.py").is_file()
    assert (tmp_path / "cloudtower/_runtime/model.py").is_file()
    assert not (tmp_path / "cloudtower/simulator").exists()
    assert not (tmp_path / "cloudtower/api/vm_api.py").exists()
    assert not (tmp_path / "docs").exists() and not list(tmp_path.rglob("__pycache__"))


def test_a_folder_elsewhere_may_be_written_twice(tmp_path):
    write(write(tmp_path))
    assert stale(tmp_path) == []


def test_check_of_a_folder_elsewhere(package, capsys):
    assert check(package) == 0
    assert "0 of" in capsys.readouterr().out


def test_check_names_what_is_stale(package, capsys):
    changed = document(paths={"/get-other": {"post": operation("GetOther", tag="Other")}})
    before = {path: path.read_bytes() for path in package.rglob("*.py")}
    capsys.readouterr()
    assert check(package, changed) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "stale: cloudtower/api/other_api.py" in lines  # missing
    assert "stale: cloudtower/api/thing_api.py" in lines  # abandoned
    assert "stale: cloudtower/_spec.py" in lines  # changed
    assert lines[-1].endswith("generated files are stale")
    assert {path: path.read_bytes() for path in package.rglob("*.py")} == before


def test_check_of_a_bad_document_is_told_apart(package):
    assert check(package, "{") == 2


def test_exit_status_of_the_command(package):
    path = saved(package.parent, document(info={"title": "", "version": "9"}))
    command = [sys.executable, "-m", "codegen", "--spec", str(path), "--out", str(package)]
    done = subprocess.run(command + ["--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1 and "stale: cloudtower/_spec.py" in done.stdout
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.startswith("1 operations, 1 schemas")
    assert 'VERSION = "9"' in (package / "cloudtower/_spec.py").read_text()


def test_unknown_options_are_refused(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--nonsense"])
    assert caught.value.code == 2 and "--nonsense" in capsys.readouterr().err
