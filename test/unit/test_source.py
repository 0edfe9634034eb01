"""What tracebacks, `inspect` and debuggers show of the functions that operations become."""

import inspect
import linecache
import os
import re
import sys
import traceback

import pytest

import cloudtower
from cloudtower import OvfApi, ResourceChangeApi, UsbDeviceApi, VmApi
from cloudtower._runtime.operation import Api, Operation

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(cloudtower.__file__)))


class Failing(object):
    """A client whose calls fail."""

    client_side_validation = True

    def call_api(self, *arguments, **keywords):
        raise KeyError("failed")


def shown(function, *arguments):
    """The traceback of a call that fails, a str."""
    try:
        function(*arguments)
    except KeyError:
        return traceback.format_exc()


def row_at(place):
    """The line of the package that a place such as `cloudtower/api/vm_api.py:7` names."""
    path, _, number = place.rpartition(":")
    return linecache.getline(os.path.join(ROOT, *path.split("/")), int(number))


def test_a_traceback_shows_the_row_and_where_it_is():
    text = shown(VmApi(Failing()).start_vm, {"where": {"id": "a"}})
    lines = [line.strip() for line in text.splitlines()]
    row = (
        '  # Operation("/start-vm", "list[WithTaskVm]", body=("vm_start_params", "VmStartParams"),'
        " ...) in cloudtower/api/vm_api.py:"
    )
    frames = [index for index, line in enumerate(lines) if "vm_api.VmApi.start_vm>" in line]
    assert len(frames) == 2
    for index, call in zip(
        frames,
        (
            "return self.start_vm_with_http_info(vm_start_params, **kwargs)",
            "return invoke(self.api_client, (vm_start_params,), kwargs)",
        ),
    ):
        assert lines[index + 1].startswith(call + row)
    place = lines[frames[0] + 1].rpartition(" in ")[2]
    assert row_at(place) == "    start_vm = Operation(\n"


@pytest.mark.parametrize(
    "function, row, in_file",
    [
        (lambda: VmApi.create_vm, '"/create-vm", "list[WithTaskVm]", body=', "create_vm = Oper"),
        (lambda: VmApi.mig_rate_vm, '"/migrate-vm", "list[WithTaskVm]"', "mig_rate_vm = Alias("),
        (lambda: UsbDeviceApi.get_usb_devices_0, '"/get-usb-devices"', "get_usb_devices_0 = "),
        (lambda: UsbDeviceApi.get_usb_devices, '"/get-usb-devices"', "get_usb_devices = "),
        (lambda: OvfApi.parse_ovf, '"/parse-ovf", "ParsedOVF", ...)', "parse_ovf = Operation("),
        (
            lambda: ResourceChangeApi.get_resource_changes,
            '"/resource-changes", "ResourceChangeResponse", method="GET", ...)',
            "get_resource_changes = Operation(",
        ),
    ],
)
def test_source_of_a_function(function, row, in_file):
    text = inspect.getsource(function())
    name = function().__name__
    assert text.startswith("def %s(self, " % name) and text.endswith("\n")
    assert "  # Operation(" in text and row in text
    place = re.search(r" in (cloudtower/api/\w+\.py:\d+)\n", text).group(1)
    assert in_file in row_at(place)


def test_source_of_either_function():
    text = inspect.getsource(VmApi.start_vm_with_http_info)
    assert text.startswith("def start_vm_with_http_info(self, vm_start_params, **kwargs):\n")
    assert "def start_vm(" not in text
    assert "def start_vm_with_http_info(" not in inspect.getsource(VmApi.start_vm)
    assert inspect.getsourcelines(VmApi.start_vm)[0][0].startswith("def start_vm(")


def test_the_text_survives_what_debuggers_do_before_they_list():
    code = VmApi.start_vm.__code__
    linecache.checkcache()
    linecache.checkcache(code.co_filename)
    lines = linecache.getlines(code.co_filename)
    assert lines[code.co_firstlineno - 1].startswith("def start_vm(")
    assert "".join(lines[-2:]).startswith("def start_vm_with_http_info(")
    assert linecache.getline(code.co_filename, len(lines)) == lines[-1]
    assert linecache.getline(code.co_filename, len(lines) + 1) == ""


def test_every_operation_shows_the_line_it_stands_on():
    catalog = cloudtower.api.catalog
    count = 0
    for name in sorted(catalog.homes):
        for row in catalog.load(name).__operations__.values():
            function = getattr(row.owner, row.name)
            last = linecache.getlines(function.__code__.co_filename)[-1]
            place = last.rstrip().rpartition(" in ")[2]
            assert re.match(r"    %s = (Operation|Alias)\(" % row.name, row_at(place)), place
            count += 1
    assert count > 500


def test_a_class_of_a_scripts_own():
    class OwnApi(Api):
        start_vm = Operation("/start-vm", "list[Task]", body=("params", "VmStartParams"))

    text = inspect.getsource(OwnApi.start_vm)
    assert 'Operation("/start-vm", "list[Task]", body=("params", "VmStartParams"), ...)' in text
    # nested in a function, where no line says which class it is
    assert text.rstrip().endswith("...)")


def test_a_program_without_source_files(monkeypatch):
    class ApiOfArchive(Api):
        __module__ = "archived.vm_api"
        start_vm = Operation("/start-vm", "list[Task]", body=("params", "VmStartParams"))

    monkeypatch.setitem(sys.modules, "archived.vm_api", type(sys)("archived.vm_api"))
    text = shown(ApiOfArchive(Failing()).start_vm, {"where": {"id": "a"}})
    assert 'Operation("/start-vm", "list[Task]"' in text and "...) in" not in text


def test_no_text_is_made_before_somebody_asks(monkeypatch):
    from cloudtower._runtime import source

    monkeypatch.setattr(source, "_row", lambda operation: pytest.fail("made too early"))

    class FreshApi(Api):
        start_vm = Operation("/start-vm", "list[Task]", body=("params", "VmStartParams"))

    FreshApi.start_vm
    vars(FreshApi)
    monkeypatch.undo()
    assert "  # Operation(" in inspect.getsource(FreshApi.start_vm)
