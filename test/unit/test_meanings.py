# -*- coding: utf-8 -*-
"""The sentences that `help` shows: found, in two languages, and read once when one is wanted."""

import os
import shutil
import subprocess
import sys
import zipfile

import pytest

import cloudtower
from cloudtower._runtime import meanings

PACKAGE = os.path.dirname(os.path.abspath(cloudtower.__file__))
VARIABLES = ("CLOUDTOWER_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
SAID = (
    "from cloudtower._runtime import meanings\n"
    "print(repr(meanings.of_field('VmWhereInput', 'local_id_not_in')))\n"
)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(params=["folder", "zip", "without data"])
def copied(request, tmp_path):
    """(what to put on the path, whether the data is there)"""
    target = tmp_path / "cloudtower"
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc", "api", "models", "simulator")
    shutil.copytree(PACKAGE, str(target), ignore=ignored)
    if request.param == "without data":
        (target / "_meanings.json.gz").unlink()
    if request.param != "zip":
        return str(tmp_path), request.param == "folder"
    archive = str(tmp_path / "cloudtower.zip")
    with zipfile.ZipFile(archive, "w") as packed:
        for folder, _, names in os.walk(str(target)):
            for name in names:
                path = os.path.join(folder, name)
                packed.write(path, os.path.relpath(path, str(tmp_path)))
    shutil.rmtree(str(target))
    return archive, True


def test_an_operation_a_parameter_and_a_field_have_a_sentence():
    assert meanings.of_operation("VmApi", "start_vm").endswith(".")
    assert "UploadTask" in meanings.of_parameter(
        "ElfImageApi", "create_elf_image", "upload_task_id"
    )
    assert "512 MiB" in meanings.of_field("Vm", "memory")


def test_a_second_name_of_an_operation_has_its_sentence():
    assert meanings.of_operation("VmApi", "mig_rate_vm") == (
        meanings.of_operation("VmApi", "migrate_vm")
    )


@pytest.mark.parametrize("operator", ["", "_not", "_gt", "_not_in"])
def test_an_operator_of_a_filter_has_the_sentence_of_its_field(operator):
    found = meanings.of_field("VmWhereInput", "memory" + operator)
    assert found == meanings.of_field("Vm", "memory") is not None


def test_what_has_no_sentence():
    assert meanings.of_operation("VmApi", "dance") is None
    assert meanings.of_operation("DanceApi", "start_vm") is None
    assert meanings.of_parameter("VmApi", "dance", "body") is None
    assert meanings.of_field("Vm", "memory_gt") is None  # no filter
    assert meanings.of_field("VmWhereInput", "dance_not") is None
    assert meanings.of_field("Dance", "id") is None


def test_english_is_a_str_everywhere():
    assert type(meanings.of_field("Vm", "memory")) is str


@pytest.mark.parametrize(
    "variables, expected",
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "ZH"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),  # an empty one is as good as none
        ({"LC_ALL": "en_US.UTF-8", "CLOUDTOWER_LANG": "zh"}, "zh"),
        ({"LC_ALL": "zh_CN.UTF-8", "CLOUDTOWER_LANG": "en"}, "en"),
    ],
)
def test_language(monkeypatch, variables, expected):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert meanings.language() == expected
    assert (u"\u5185\u5b58" in meanings.of_field("Vm", "memory")) == (expected == "zh")


def test_a_copy_of_the_package(copied):
    """In a folder, in an archive, and one that somebody stripped of its data."""
    path, has_data = copied
    done = subprocess.Popen(
        [sys.executable, "-c", SAID],
        cwd=os.path.dirname(path) if path.endswith(".zip") else path,
        env=dict(os.environ, PYTHONPATH=path, PYTHONDONTWRITEBYTECODE="1"),
        stdout=subprocess.PIPE,
    )
    printed = done.communicate()[0].decode().strip()
    assert done.returncode == 0
    assert printed == (repr(meanings.of_field("Vm", "local_id")) if has_data else "None")


def test_the_file_is_read_once_and_when_a_sentence_is_wanted():
    code = (
        "import pkgutil\n"
        "read, get_data = [], pkgutil.get_data\n"
        "pkgutil.get_data = lambda *names: read.append(names) or get_data(*names)\n"
        "from cloudtower import ApiClient, VmApi, Vm\n"
        "Vm(), VmApi(ApiClient()).start_vm\n"
        "from cloudtower._runtime import meanings\n"
        "print(len(read))\n"
        "meanings.of_field('Vm', 'memory'), meanings.of_operation('VmApi', 'start_vm')\n"
        "print(len(read))\n"
    )
    assert subprocess.check_output([sys.executable, "-c", code]).split() == [b"0", b"1"]


def test_a_client_at_work_loads_none_of_it():
    code = (
        "import sys\n"
        "from cloudtower import ApiClient, VmApi, Vm\n"
        "Vm(memory=1).to_dict(), VmApi(ApiClient()).start_vm\n"
        "print('cloudtower._runtime.meanings' in sys.modules)\n"
    )
    assert subprocess.check_output([sys.executable, "-c", code]).split() == [b"False"]
