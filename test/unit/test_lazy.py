"""What an import loads, and how names are found."""

import importlib
import os
import pickle
import subprocess
import sys
import threading

import pytest

import cloudtower
import cloudtower.api
import cloudtower.models

HEAVY = (
    "cloudtower.api",
    "cloudtower.configuration",
    "cloudtower.models",
    "dateutil",
    "http.client",
    "httplib",
    "inspect",
    "json",
    "logging",
    "multiprocessing",
    "six",
    "ssl",
    "threading",
    "urllib3",
)


def run(code):
    """What a fresh interpreter prints, a str without the last line end."""
    return subprocess.check_output([sys.executable, "-c", code]).decode().strip()


def loaded_after(code):
    """Names of the modules that a fresh interpreter has only because of the code."""
    before = "import sys; before = set(sys.modules); "
    # Python 2.7 keeps a None for each relative import that was tried and is none.
    after = "; print(' '.join(k for k in set(sys.modules) - before if sys.modules[k]))"
    return set(run(before + code + after).split())


def test_import_of_the_package_loads_nothing_of_weight():
    loaded = loaded_after("import cloudtower; cloudtower.__version__; dir(cloudtower)")
    assert loaded.isdisjoint(set(HEAVY) - {"cloudtower.api", "cloudtower.models"})
    assert loaded_after("import cloudtower").isdisjoint(HEAVY)


def test_a_class_loads_its_resource_only():
    loaded = loaded_after("import cloudtower; cloudtower.models.VmWhereInput(name='x')")
    assert "cloudtower.models.vm" in loaded
    assert loaded.isdisjoint(["cloudtower.models.host", "cloudtower.api.vm_api"])
    assert loaded.isdisjoint(["urllib3", "dateutil", "multiprocessing", "cloudtower.rest"])


def test_an_api_class_loads_neither_models_nor_network():
    loaded = loaded_after("from cloudtower import VmApi, HostApi")
    assert {"cloudtower.api.vm_api", "cloudtower.api.host_api"} <= loaded
    assert loaded.isdisjoint(["cloudtower.models.vm", "cloudtower.rest", "urllib3", "dateutil"])


def test_a_decoded_model_converts_nothing_before_it_is_read():
    code = (
        "import cloudtower; from cloudtower._runtime import codec;"
        "m = codec.decode({'host': {}}, 'Vm'); m.name"
    )
    nested = "cloudtower.models.common"
    assert nested not in loaded_after(code)
    assert nested in loaded_after(code + "; m.host")


@pytest.mark.parametrize("package", ["cloudtower", "cloudtower.api", "cloudtower.models"])
def test_dir_has_every_public_name_and_loads_none(package):
    module = importlib.import_module(package)
    assert set(module.__all__) <= set(dir(module))
    assert sorted(module.__all__) == module.__all__
    assert not [name for name in module.__all__ if name.startswith("_")]


def test_star_import_gives_the_documented_names():
    space = {}
    exec("from cloudtower import *", space)
    for name in (
        "ActivePassiveApiClient ApiAttributeError ApiClient ApiException ApiKeyError ApiTypeError "
        "ApiValueError Configuration FailoverStrategy NULL OpenApiException Vm VmApi VmStatus "
        "api api_client configuration exceptions models rest utils active_passive_client"
    ).split():
        assert space[name] is getattr(cloudtower, name), name
    # only by their module, as in the published SDK
    assert "NotFoundException" not in space


@pytest.mark.parametrize("package", ["cloudtower.api", "cloudtower.models"])
def test_star_import_of_a_package_has_classes_and_modules(package):
    space = {}
    exec("from %s import *" % package, space)
    catalog = sys.modules[package].catalog
    assert set(space) - {"__builtins__"} == set(catalog.homes) | set(catalog.table)


@pytest.mark.parametrize(
    "module, name",
    [
        ("cloudtower.models.vm", "Vm"),
        ("cloudtower.models.vm_where_input", "VmWhereInput"),
        ("cloudtower.models.get_vms_request_body", "GetVmsRequestBody"),
        ("cloudtower.models.vm_status", "VmStatus"),
        ("cloudtower.models.parsed_ovf", "ParsedOVF"),
        ("cloudtower.models.bps_unit", "BPSUnit"),
        ("cloudtower.models.with_task_vm", "WithTaskVm"),
        ("cloudtower.api.vm_api", "VmApi"),
    ],
)
def test_documented_module_of_a_class(module, name):
    cls = getattr(importlib.import_module(module), name)
    package, leaf = module.rsplit(".", 1)
    assert cls.__module__ == module and cls.__name__ == name
    assert getattr(cloudtower, name) is cls
    assert getattr(sys.modules[package], name) is cls
    assert getattr(sys.modules[package], leaf) is sys.modules[module]
    assert name in dir(sys.modules[module])


def test_a_module_may_be_imported_before_the_package_is_touched():
    printed = run(
        "from cloudtower.models.vm_status import VmStatus; import cloudtower.models.vm_where_input;"
        "import cloudtower; print(VmStatus is cloudtower.VmStatus,"
        "cloudtower.models.vm_where_input.VmWhereInput is cloudtower.VmWhereInput)"
    )
    assert printed.replace("(", "").replace(",", "").replace(")", "") == "True True"


def test_documented_module_has_its_class_and_configuration_only():
    module = importlib.import_module("cloudtower.models.vm_status")
    assert module.__all__ == ["VmStatus"]
    assert module.Configuration is cloudtower.Configuration
    assert os.path.basename(module.__file__) == "vm.py" and os.path.exists(module.__file__)
    assert module.__package__ == "cloudtower.models"
    with pytest.raises(AttributeError):
        module.VmWhereInput


@pytest.mark.parametrize("name", ["Vm", "VmWhereInput", "VmStatus", "VmOrderByInput", "VmApi"])
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickle_of_a_class_is_a_reference_to_its_documented_module(name, protocol):
    cls = getattr(cloudtower, name)
    pickled = pickle.dumps(cls, protocol)
    assert pickle.loads(pickled) is cls
    assert cls.__module__.encode() in pickled


@pytest.mark.parametrize("name", ["VmWhereInput", "VmStatus", "GetVmsRequestBody", "Vm", "VmApi"])
@pytest.mark.parametrize("package", ["cloudtower", "cloudtower.api", "cloudtower.models"])
def test_a_class_brings_its_documented_module_along(package, name):
    """Where `inspect`, `typing.get_type_hints` and pickle look for it."""
    if not hasattr(sys.modules[package], name):
        return
    code = (
        "import sys, inspect, %s as package\n"
        "cls = package.%s\n"
        "module = sys.modules[cls.__module__]\n"
        "assert getattr(module, cls.__name__) is cls and inspect.getmodule(cls) is module\n"
        "print(inspect.getsource(cls).split('(')[0])" % (package, name)
    )
    assert run(code) == "class " + name


def test_pickle_of_a_class_loads_in_a_fresh_interpreter():
    pickled = pickle.dumps(cloudtower.VmWhereInput, 2)
    code = "import pickle; print(pickle.loads(%r).__name__)" % (pickled,)
    assert run(code) == "VmWhereInput"


@pytest.mark.parametrize(
    "module", ["cloudtower", "cloudtower.api", "cloudtower.models", "cloudtower.models.vm_status"]
)
@pytest.mark.parametrize("name", ["Nothing", "vmm", "__nothing__", "_private"])
def test_unknown_name_is_an_attribute_error(module, name):
    found = importlib.import_module(module)
    assert not hasattr(found, name)
    with pytest.raises(AttributeError) as caught:
        getattr(found, name)
    assert name in str(caught.value) and module in str(caught.value)


@pytest.mark.parametrize(
    "statement",
    [
        "import cloudtower.nothing",
        "import cloudtower.models.nothing",
        "import cloudtower.models.vm_status.nothing",
        "from cloudtower import Nothing",
        "from cloudtower.models import Nothing",
        "from cloudtower.api.vm_api import HostApi",
    ],
)
def test_unknown_name_is_an_import_error(statement):
    with pytest.raises(ImportError):
        exec(statement, {})


def test_api_modules_show_what_the_published_ones_do():
    from cloudtower.api import vm_api

    assert vm_api.ApiClient is cloudtower.ApiClient
    assert vm_api.ApiTypeError is cloudtower.ApiTypeError
    assert vm_api.ApiValueError is cloudtower.ApiValueError
    assert not hasattr(vm_api, "six") and not hasattr(vm_api, "re")


@pytest.mark.parametrize("name", ["__schema__", "openapi_types", "attribute_map", "field"])
def test_a_thread_that_comes_late_finds_what_another_has_built(name):
    """What Python does in a thread that missed the attribute before another one made it."""
    from cloudtower._runtime.model import Model

    cls = type(Model)("Fresh", (Model,), {"__fields__": (("field", "str"),)})
    cls.openapi_types  # the other thread
    assert type(Model).__getattr__(cls, name) is getattr(cls, name)


def test_threads_that_touch_a_class_at_once_get_the_same():
    code = """
import sys, threading
getattr(sys, "setswitchinterval", lambda seconds: None)(1e-6)
import cloudtower
start, found, failed = threading.Event(), [], []
def touch():
    start.wait()
    try:
        where = cloudtower.VmWhereInput(name="x")
        cloudtower.models.vm_status.VmStatus.RUNNING
        cloudtower.VmApi.get_vms.__doc__
        found.append((cloudtower.VmWhereInput, where.to_dict(True, True)["name"],
                      cloudtower.VmApi, len(cloudtower.Vm.openapi_types)))
    except Exception as error:
        failed.append(repr(error))
threads = [threading.Thread(target=touch) for _ in range(16)]
for each in threads: each.start()
start.set()
for each in threads: each.join()
print(failed or (len(found), len(set(found))))
"""
    assert run(code) == "(16, 1)"


def test_threads_that_build_a_class_at_once_see_it_whole():
    from cloudtower._runtime.model import Model

    rows = tuple(("field_%d" % index, "str") for index in range(200))
    failed = []
    for _ in range(20):
        cls = type(Model)("Fresh", (Model,), {"__fields__": rows})

        def touch(cls=cls):
            try:
                assert cls(field_7="x").field_7 == "x"
                assert len(cls.attribute_map) == 200
            except Exception as error:
                failed.append(repr(error))

        threads = [threading.Thread(target=touch) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert failed == []


@pytest.mark.parametrize("package", ["cloudtower.api", "cloudtower.models"])
def test_a_package_that_is_imported_anew_leaves_one_finder(package):
    code = """
import sys, importlib, cloudtower
package = %r
module = importlib.import_module(package)
del sys.modules[package]
anew = importlib.import_module(package)
finders = [each for each in sys.meta_path if type(each).__module__ == "cloudtower._runtime.lazy"]
importlib.import_module(package + "." + sorted(anew.catalog.table)[0])
print("%%s %%d" %% (anew is module, len(finders)))
"""
    assert run("import cloudtower.%s\n" % package.split(".")[1] + code % package) == "False 1"
