"""Whatever a script or a mock puts in the place of an operation, or of a field, is obeyed."""

import subprocess
import sys

import pytest

from cloudtower import ApiClient, Configuration, UsbDeviceApi, VmApi
from cloudtower._runtime.model import Enum, Model
from cloudtower._runtime.operation import Alias, Api, Operation

try:
    from unittest import mock
except ImportError:  # Python 2.7
    mock = None

BODY = {"where": {"id": "a"}}
NAMES = ["delete_vm", "remove_vm"]  # the second one is an alias


@pytest.fixture
def fresh():
    """A class whose operations nobody has touched."""

    class FreshApi(Api):
        delete_vm = Operation("/delete-vm", "list[Task]", body=("params", "VmOperateParams"))
        start_vm = Operation("/start-vm", "list[Task]", body=("params", "VmOperateParams"))
        remove_vm = Alias("delete_vm")

    return FreshApi


@pytest.fixture
def client(server):
    server.reply(200, [])
    with ApiClient(Configuration(host=server.url)) as client:
        yield client


class Patched(object):
    """What `mock.patch.object` does, for Python 2.7 too."""

    def __init__(self, target, name, value):
        self.target, self.name, self.value = target, name, value

    def __enter__(self):
        self.is_local = self.name in self.target.__dict__
        self.original = self.target.__dict__.get(self.name)
        setattr(self.target, self.name, self.value)

    def __exit__(self, *_):
        delattr(self.target, self.name)
        if self.is_local:
            setattr(self.target, self.name, self.original)


def stand_in(self, *arguments, **keywords):
    return "stand-in"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("first", [False, True])
def test_the_twin_of_an_operation_is_patched(server, client, fresh, name, first):
    if first:
        getattr(fresh, name)
    with Patched(fresh, name + "_with_http_info", stand_in):
        assert getattr(fresh(client), name)(BODY) == "stand-in"
        assert getattr(fresh(client), name)(BODY) == "stand-in"
        assert server.requests == []
        assert fresh(client).start_vm(BODY) == []
    assert getattr(fresh(client), name)(BODY) == []
    assert getattr(fresh(client), name + "_with_http_info")(BODY)[1] == 200
    assert [each.path for each in server.requests] == ["/start-vm", "/delete-vm", "/delete-vm"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("first", [False, True])
def test_an_operation_is_patched(server, client, fresh, name, first):
    if first:
        getattr(fresh, name + "_with_http_info")
    with Patched(fresh, name, stand_in):
        assert getattr(fresh(client), name + "_with_http_info")(BODY)[1] == 200
        assert getattr(fresh(client), name)(BODY) == "stand-in"
        assert len(server.requests) == 1
    assert getattr(fresh(client), name)(BODY) == []
    assert len(server.requests) == 2


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("suffix", ["", "_with_http_info"])
def test_what_is_assigned_to_an_untouched_class_stays(server, client, fresh, name, suffix):
    setattr(fresh, name + suffix, stand_in)
    getattr(fresh, name)
    getattr(fresh, name + "_with_http_info")
    vars(fresh)
    assert getattr(fresh(client), name + suffix)(BODY) == "stand-in"
    assert getattr(fresh(client), name)(BODY) == "stand-in" and server.requests == []


@pytest.mark.parametrize("suffix", ["", "_with_http_info"])
def test_what_an_instance_holds_goes_first(server, client, fresh, suffix):
    api, other = fresh(client), fresh(client)
    setattr(api, "delete_vm" + suffix, lambda *arguments, **keywords: "stand-in")
    assert api.delete_vm(BODY) == "stand-in" and server.requests == []
    assert other.delete_vm(BODY) == [] and len(server.requests) == 1


@pytest.mark.parametrize("suffix", ["", "_with_http_info"])
@pytest.mark.parametrize("name", NAMES)
def test_a_subclass_overrides_one_of_the_two(server, client, fresh, name, suffix):
    calls = []

    def override(self, *arguments, **keywords):
        calls.append(arguments)
        return getattr(super(Mine, self), name + suffix)(*arguments, **keywords)

    Mine = type(fresh)("Mine", (fresh,), {name + suffix: override})
    assert getattr(Mine(client), name)(BODY) == []
    assert calls == [(BODY,)]  # once, the first time too
    assert getattr(Mine(client), name + "_with_http_info")(BODY)[1] == 200
    assert len(calls) == (2 if suffix else 1)
    assert getattr(fresh(client), name)(BODY) == []
    assert len(calls) == (2 if suffix else 1) and len(server.requests) == 3


def test_a_class_with_a_twin_of_its_own(server, client, fresh):
    class Mine(fresh):
        stop_vm = Operation("/stop-vm", "list[Task]", body=("params", "VmOperateParams"))
        stop_vm_with_http_info = stand_in

    assert Mine(client).stop_vm(BODY) == "stand-in" and server.requests == []


def test_who_looks_into_the_class_finds_functions(fresh):
    function = vars(fresh)["delete_vm"]
    assert type(function) is type(stand_in) and function.__name__ == "delete_vm"
    assert fresh.__dict__["remove_vm_with_http_info"].__name__ == "remove_vm_with_http_info"
    assert function is vars(fresh)["delete_vm"]


@pytest.mark.skipif(mock is None, reason="no unittest.mock")
@pytest.mark.parametrize("keywords", [{}, {"autospec": True}])
@pytest.mark.parametrize("suffix", ["", "_with_http_info"])
def test_mocks(server, client, keywords, suffix):
    for api, name in (
        (VmApi, "delete_vm"),
        (VmApi, "mig_rate_vm"),
        (UsbDeviceApi, "mount_usb_device"),
    ):
        with mock.patch.object(api, name + suffix, return_value="mocked", **keywords) as mocked:
            assert getattr(api(client), name)(BODY) == "mocked"
            assert mocked.call_count == 1
        assert server.requests == []
    assert VmApi(client).delete_vm(BODY) == []
    assert len(server.requests) == 1


@pytest.mark.skipif(mock is None, reason="no unittest.mock")
def test_a_mock_with_the_signature_of_the_class(fresh):
    made = mock.create_autospec(fresh, instance=True)
    made.delete_vm.return_value = "mocked"
    assert made.delete_vm(BODY) == "mocked"
    with pytest.raises(TypeError):
        made.delete_vm()
    with pytest.raises(AttributeError):
        made.delete_vmm


@pytest.mark.parametrize(
    "home, name, lazily",
    [
        ("cloudtower.api.vm_api", "VmApi", "cloudtower.VmApi"),
        ("cloudtower.api.vm_api", "VmApi", "cloudtower.api.VmApi"),
        ("cloudtower.models.vm", "VmStatus", "cloudtower.models.vm_status.VmStatus"),
        ("cloudtower.exceptions", "ApiException", "cloudtower.utils.ApiException"),
        ("cloudtower.api_client", "ApiClient", "cloudtower.ApiClient"),
    ],
)
def test_a_name_that_is_first_read_while_it_is_patched(home, name, lazily):
    """The stand-in goes with the patch."""
    code = (
        "import importlib, cloudtower, cloudtower.api, cloudtower.models.vm_status\n"
        "home = importlib.import_module(%r)\n"
        "original, stand_in = getattr(home, %r), object()\n"
        "setattr(home, %r, stand_in)\n"
        "assert %s is stand_in\n"
        "setattr(home, %r, original)\n"
        "print(%s is original)" % (home, name, name, lazily, name, lazily)
    )
    assert subprocess.check_output([sys.executable, "-c", code]).split() == [b"True"]


# ---- models ---------------------------------------------------------------


def test_what_is_put_into_an_untouched_model_stays():
    class FreshModel(Model):
        __fields__ = (("name", "str"), ("size", "int64"))

    class FreshEnum(Enum):
        __fields__ = ("ON", "OFF")

    FreshModel.name = property(lambda self: "stand-in")
    FreshEnum.ON = "on"
    assert FreshModel(size=3).name == "stand-in" and FreshModel(size=3).size == 3
    assert list(FreshModel.openapi_types) == ["name", "size"]
    assert FreshEnum.allowable_values == ["ON", "OFF"]
    assert (FreshEnum.ON, FreshEnum.OFF) == ("on", "OFF")


@pytest.mark.parametrize("first", [False, True])
def test_a_patched_model_is_as_before_afterwards(first):
    class FreshModel(Model):
        __fields__ = (("name", "str"), ("size", "int64"))

    if first:
        FreshModel.openapi_types
    patched = mock.patch.object if mock else None
    if patched is None:
        pytest.skip("no unittest.mock")
    with patched(FreshModel, "name", "mocked"):
        assert FreshModel(size=3).name == "mocked"
    assert FreshModel(name="a").name == "a"
