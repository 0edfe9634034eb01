"""Names that are not there: what the errors say, and that nobody pays for them beforehand."""

import copy
import importlib
import pickle
import subprocess
import sys

import pytest

import cloudtower
from cloudtower import ApiClient, Configuration, Vm, VmApi, VmStatus
from cloudtower._runtime import missing, text

API = VmApi(ApiClient(Configuration(host="http://localhost")))
HAS_FINDERS_OF_SPECS = sys.version_info[0] > 2
IF_SPECS = pytest.mark.skipif(not HAS_FINDERS_OF_SPECS, reason="2.7 asks finders before files")
NOT_FOUND = missing._ModuleNotFoundError


@pytest.mark.parametrize(
    "owner, name, subject, like",
    [
        (cloudtower, "VMApi", "module 'cloudtower'", "VmApi"),
        (cloudtower, "vmapi", "module 'cloudtower'", "VmApi"),
        (cloudtower, "Configuraton", "module 'cloudtower'", "Configuration"),
        (cloudtower, "util", "module 'cloudtower'", "utils"),
        (cloudtower.api, "VmsApi", "module 'cloudtower.api'", "VmApi"),
        (cloudtower.models, "VmWhereInptu", "module 'cloudtower.models'", "VmWhereInput"),
        (cloudtower.utils, "wait_taks", "module 'cloudtower.utils'", "wait_tasks"),
        (VmApi, "strt_vm", "type object 'VmApi'", "start_vm"),
        (VmApi, "startVm", "type object 'VmApi'", "start_vm"),
        (API, "strt_vm", "'VmApi' object", "start_vm"),
        (API, "strt_vm_with_http_info", "'VmApi' object", "start_vm_with_http_info"),
        (API, "apiclient", "'VmApi' object", None),
        (VmStatus, "RUNING", "type object 'VmStatus'", "RUNNING"),
        (VmStatus, "running", "type object 'VmStatus'", "RUNNING"),
        (Vm, "nmae", "type object 'Vm'", "name"),
        (Vm(name="a"), "nmae", "'Vm' object", "name"),
        (Vm(name="a"), "memoryusage", "'Vm' object", "memory_usage"),
        (cloudtower, "Zzzzqqq", "module 'cloudtower'", None),
        (VmApi, "zzzzqqq", "type object 'VmApi'", None),
    ],
)
def test_an_attribute(owner, name, subject, like):
    with pytest.raises(AttributeError) as caught:
        getattr(owner, name)
    expected = "%s has no attribute %r" % (subject, name)
    if like:
        expected += "; did you mean %r?" % like
    assert str(caught.value) == expected
    assert caught.value.name == name


def test_a_documented_module():
    module = importlib.import_module("cloudtower.models.vm_status")
    with pytest.raises(AttributeError) as caught:
        module.VmStatu
    assert str(caught.value).endswith("has no attribute 'VmStatu'; did you mean 'VmStatus'?")


@pytest.mark.parametrize(
    "owner", [cloudtower, cloudtower.models, VmApi, API, VmStatus, Vm(name="a")]
)
def test_nothing_is_looked_for_before_the_text_is_wanted(owner, monkeypatch):
    monkeypatch.setattr(missing, "nearest", lambda *_: pytest.fail("looked for too early"))
    assert not hasattr(owner, "zzqq")
    assert getattr(owner, "zzqq", 1) == 1
    with pytest.raises(AttributeError) as caught:
        owner.zzqq
    assert isinstance(pickle.loads(pickle.dumps(caught.value)), AttributeError)


def test_no_module_of_errors_is_loaded_by_those_who_probe():
    code = (
        "import sys, cloudtower; from cloudtower import VmApi, Vm\n"
        "for each in (cloudtower, VmApi, VmApi(object()), Vm, Vm()):\n"
        "    hasattr(each, '__nothing__'), hasattr(each, 'nothing'), hasattr(each, '_nothing')\n"
        "print('difflib' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", code]).strip() == b"False"


@pytest.mark.parametrize("owner", [cloudtower, VmApi, API, Vm, VmStatus])
@pytest.mark.parametrize("name", ["__nothing__", "__wrapped__", "__fspath__", "__html__"])
def test_special_names_have_no_hint(owner, name):
    with pytest.raises(AttributeError) as caught:
        getattr(owner, name)
    assert "did you mean" not in str(caught.value) and name in str(caught.value)


def test_an_api_that_was_never_initialised_can_be_probed():
    bare = VmApi.__new__(VmApi)
    copied = copy.copy(bare)
    assert type(copied) is VmApi and not hasattr(copied, "api_client")
    assert type(copy.copy(API)) is VmApi and copy.copy(API).api_client is API.api_client


# ---- imports ----------------------------------------------------------------


def failing(statement):
    with pytest.raises(ImportError) as caught:
        exec(statement, {})
    return caught.value


@IF_SPECS
@pytest.mark.parametrize(
    "statement, like",
    [
        ("from cloudtower import VMApi", "VmApi"),
        ("from cloudtower import Vmapi as api", "VmApi"),
        ("from cloudtower import Configuraton", "Configuration"),
        ("from cloudtower import Vm, VmWhereInptu", "VmWhereInput"),
        ("from cloudtower.models import VmWhereInptu", "VmWhereInput"),
        ("from cloudtower.models import vm_statu", "vm_status"),
        ("from cloudtower.api import VMApi", "VmApi"),
        ("from cloudtower.utils import wait_taks", "wait_tasks"),
    ],
)
def test_a_name_of_a_package(statement, like):
    error = failing(statement)
    assert type(error) is ImportError
    assert str(error).startswith("cannot import name ")
    assert str(error).endswith("; did you mean %r?" % like)
    assert error.name == statement.split()[1]
    assert error.path == sys.modules[error.name].__file__


@IF_SPECS
@pytest.mark.parametrize(
    "statement, name, like",
    [
        ("import cloudtower.models.vmm", "cloudtower.models.vmm", "'cloudtower.models.vm'"),
        (
            "from cloudtower.api.vmapi import VmApi",
            "cloudtower.api.vmapi",
            "'cloudtower.api.vm_api'",
        ),
        (
            "from cloudtower.models.vmstatus import VmStatus",
            "cloudtower.models.vmstatus",
            "'cloudtower.models.vm_status'",
        ),
        ("import cloudtower.api_clent", "cloudtower.api_clent", "'cloudtower.api_client'"),
        ("import cloudtower.VmApi", "cloudtower.VmApi", "`from cloudtower import VmApi`"),
        ("import cloudtower.VMApi", "cloudtower.VMApi", "`from cloudtower import VmApi`"),
        (
            "import importlib; importlib.import_module('cloudtower.modells')",
            "cloudtower.modells",
            "'cloudtower.models'",
        ),
    ],
)
def test_a_module(statement, name, like):
    error = failing(statement)
    assert type(error) is NOT_FOUND and error.name == name
    assert str(error) == "No module named %r; did you mean %s?" % (name, like)


@pytest.mark.parametrize(
    "statement",
    [
        "import cloudtower.zzqq",
        "from cloudtower import Zzqqxx",
        "import cloudtower.models.zzqq",
        "from cloudtower.models.zzqq import Zzqq",
        "import cloudtower.models.vm_status.VmStatus",
    ],
)
def test_where_nothing_is_like_it_the_error_is_pythons(statement):
    assert "did you mean" not in str(failing(statement))


@IF_SPECS
@pytest.mark.parametrize("name", ["cloudtower.VMApi", "cloudtower.models.vmm", "cloudtower.VmApi"])
def test_who_only_looks_for_a_module_gets_none(name):
    import importlib.util

    assert importlib.util.find_spec(name) is None
    assert importlib.util.find_spec("cloudtower.models.vm_where_input") is not None


@pytest.mark.parametrize(
    "statement",
    [
        "import cloudtower; cloudtower.VMApi",
        "from cloudtower import VmApi; VmApi(object()).strt_vm",
        "from cloudtower import VmApi; VmApi.strt_vm",
        "from cloudtower import VmStatus; VmStatus.RUNING",
        "from cloudtower import Vm; Vm().nmae",
        "from cloudtower.utils import wait_tasks; import cloudtower; cloudtower.utils.wait_taks",
        pytest.param("from cloudtower import VMApi", marks=IF_SPECS),
        pytest.param("import cloudtower.models.vmm", marks=IF_SPECS),
    ],
)
def test_a_traceback_asks_once(statement):
    """Python 3.10+ would add a name that it finds itself, out of all that `dir` says."""
    code = (
        "import sys, traceback\n"
        "hook = sys.excepthook\n"
        "def show(*caught):\n"
        "    hook(*caught)\n"
        "    traceback.print_exception(*caught)\n"
        "    sys.stderr.write('loaded: %%d' %% sum(k.startswith('cloudtower.') for k in sys.modules))\n"
        "sys.excepthook = show\n"
        "%s\n" % statement
    )
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE)
    printed = process.communicate()[1].decode()
    assert printed.lower().count("did you mean") == 2, printed  # printed twice here
    assert int(printed.rpartition("loaded: ")[2]) < 150  # of 350; 2.7 counts more


@pytest.mark.parametrize(
    "name, names, like",
    [
        ("vmapi", ["api", "VmApi", "vms"], "VmApi"),
        ("VM_API", ["VmApi"], "VmApi"),
        ("_and", ["AND", "and_"], "AND"),
        ("strt_vm", ["stop_vm", "start_vm"], "start_vm"),
        ("zzz", ["start_vm"], None),
        ("name", iter(["nmae"]), "nmae"),
    ],
)
def test_nearest(name, names, like):
    assert text.nearest(name, names) == like
