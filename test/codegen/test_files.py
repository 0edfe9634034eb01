"""Files are written all or not at all."""

import os
from pathlib import Path

import pytest

from codegen import files


@pytest.fixture
def folder(tmp_path):
    for name, text in (("a/one", "1"), ("a/two", "2"), ("b/three", "3")):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


CHANGES = {"a/one": b"new", "b/three": None, "c/d/four": b"4", "a/five": b"5"}


def content(folder):
    return {
        path.relative_to(folder).as_posix(): path.is_file() and path.read_bytes()
        for path in folder.rglob("*")
    }


def test_all_are_written(folder):
    files.replace(folder, CHANGES)
    expected = {"a/one": b"new", "a/two": b"2", "a/five": b"5", "c/d/four": b"4"}
    assert {name: text for name, text in content(folder).items() if text} == expected


@pytest.mark.parametrize("fails", range(1, 10))
@pytest.mark.parametrize("act", ["write_bytes", "mkdir", "unlink", "replace"])
def test_a_full_disk_changes_nothing(folder, monkeypatch, act, fails):
    """The disk is full at the first, second, ... of what is done."""
    before, owner, count = content(folder), os if act == "replace" else Path, [0]
    real = getattr(owner, act)

    def limited(*arguments, **keywords):
        count[0] += 1
        if count[0] == fails:
            if act == "write_bytes":
                real(arguments[0], arguments[1][:1])  # as far as it goes
            raise OSError(28, "No space left on device")
        return real(*arguments, **keywords)

    monkeypatch.setattr(owner, act, limited)
    try:
        files.replace(folder, CHANGES)
    except ValueError as error:
        assert str(error).endswith(
            "cannot be written: No space left on device. Nothing was changed"
        )
        assert str(error).partition(" ")[0] in CHANGES
        assert content(folder) == before
    else:
        assert count[0] < fails


def test_a_file_in_the_place_of_a_folder_changes_nothing(folder):
    (folder / "c").write_text("a file")
    before = content(folder)
    with pytest.raises(ValueError, match="^c/d/four cannot be written"):
        files.replace(folder, CHANGES)
    assert content(folder) == before


@pytest.mark.parametrize("act", ["write_bytes", "replace"])
def test_an_interrupt_changes_nothing(folder, monkeypatch, act):
    before, owner, count = content(folder), os if act == "replace" else Path, []
    real = getattr(owner, act)

    def stopped(*arguments):
        count.append(arguments)
        if len(count) == 2:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(owner, act, stopped)
    with pytest.raises(KeyboardInterrupt):
        files.replace(folder, CHANGES)
    assert content(folder) == before
