"""Side effects of the published Configuration, and costs: the contract's section 8."""

import copy
import logging
import os
import pickle
import subprocess
import sys
import warnings

import interface_changes
import pytest

import cloudtower
from cloudtower import ApiClient, ApiValueError, Configuration, UserApi, VlanApi, VmApi
from cloudtower.models import Vm, VmVlanCreationParams, VmWhereInput

TOP = os.path.dirname(os.path.dirname(os.path.abspath(cloudtower.__file__)))
LOGGERS = ("cloudtower", "urllib3")


@pytest.fixture
def server(server):
    server.reply(200, [])
    return server


@pytest.fixture
def levels():
    """The loggers as they were before, whatever a test does to them."""
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(each.level, list(each.handlers)) for each in loggers]
    yield loggers
    for logger, (level, handlers) in zip(loggers, before):
        logger.setLevel(level)
        for handler in set(logger.handlers) - set(handlers):
            logger.removeHandler(handler)


def python(code):
    """What a fresh interpreter prints."""
    environment = dict(os.environ, PYTHONPATH=TOP)
    command = [sys.executable, "-W", "ignore", "-c", code]
    return subprocess.check_output(command, env=environment).decode("ascii").split()


# ---- 8.12, 8.13 costs --------------------------------------------------------


def test_8_12_models_make_no_configurations():
    counted = []

    class Counted(Configuration):
        def __init__(self, *args, **kwargs):
            counted.append(self)
            super(Counted, self).__init__(*args, **kwargs)

    before = Configuration._default
    Configuration._default = Counted()
    try:
        del counted[:]
        for number in range(100):
            VmWhereInput(id=str(number), _and=[VmWhereInput(name="n")])
            Vm.from_json({"id": "v", "cluster": {"id": "c"}}).cluster.id
        assert counted == []
    finally:
        Configuration._default = before


def test_8_13_the_import_loads_what_is_used_and_no_more():
    heavy = "urllib3 dateutil logging multiprocessing cloudtower.models cloudtower.api"
    code = (
        "import sys; before = set(sys.modules); import cloudtower;"
        "from cloudtower import Configuration; Configuration(); cloudtower.ApiClient();"
        "print(' '.join(set(sys.modules) - before))"
    )
    assert set(heavy.split()).isdisjoint(python(code))


def test_8_13_names_are_there_all_the_same():
    lost = interface_changes.lost(interface_changes.SCHEMA)
    assert len(dir(cloudtower)) > 2100 - lost and "VmApi" in dir(cloudtower)
    assert cloudtower.models.vm.Vm is cloudtower.Vm is Vm
    assert pickle.loads(pickle.dumps(Vm(id="v"))) == Vm(id="v")
    count, model, api = python(
        "from cloudtower import *;"
        "print('%d %s %s' % (len(dir()), Vm.__module__, VmApi.__module__))"
    )
    assert int(count) > 2100 - lost
    assert (model, api) == ("cloudtower.models.vm", "cloudtower.api.vm_api")


# ---- 8.14 switches that did nothing ------------------------------------------


def test_8_14_disabled_validations_are_not_made():
    lenient = Configuration(disabled_client_side_validations="maximum,minLength")
    params = VmVlanCreationParams(local_vars_configuration=lenient, vlan_id=5000)
    assert params.vlan_id == 5000
    with pytest.raises(ValueError):
        params.vlan_id = -1
    with pytest.raises(ValueError):
        VmVlanCreationParams(vlan_id=5000)
    with pytest.raises(ApiValueError):
        Configuration(disabled_client_side_validations="maximun")


@pytest.mark.parametrize("discard", [False, True])
def test_8_14_unknown_keys_are_kept_or_discarded(server, discard):
    answer = {"id": "v", "newer": 1, "vds": {"id": "d", "later": 2}, "vm_nics": [{"more": 3}]}
    server.reply(200, [answer])
    configuration = Configuration(host=server.url + "/v2/api", discard_unknown_keys=discard)
    (vlan,) = VlanApi(ApiClient(configuration)).get_vlans({})
    assert not hasattr(vlan, "newer") and "newer" not in vlan.to_dict()
    kept = [vlan.additional_properties, vlan.vds.additional_properties]
    kept.append(vlan.vm_nics[0].additional_properties)
    assert (vlan.id, vlan.vds.id) == ("v", "d")
    assert [dict(each) for each in kept] == (
        [{}, {}, {}] if discard else [{"newer": 1}, {"later": 2}, {"more": 3}]
    )


# ---- 8.18, 8.19, 8.20 logs ---------------------------------------------------


def test_8_18_levels_change_when_debug_is_assigned_and_only_then(levels):
    for logger in levels:
        logger.setLevel(logging.INFO)
    configuration = Configuration()
    assert [each.level for each in levels] == [logging.INFO] * 2
    configuration.debug = True
    Configuration()
    copy.deepcopy(configuration)
    Vm.from_json({"id": "v"}).to_dict()
    assert [each.level for each in levels] == [logging.DEBUG] * 2
    configuration.debug = False
    assert [each.level for each in levels] == [logging.WARNING] * 2


def test_8_18_debug_leaves_the_http_library_alone(levels):
    try:
        from http.client import HTTPConnection
    except ImportError:
        from httplib import HTTPConnection
    configuration = Configuration()
    configuration.debug = True
    assert HTTPConnection.debuglevel == 0


def test_8_19_a_file_has_one_handler_however_many_copies_there_are(levels, tmpdir):
    before = [len(each.handlers) for each in levels]
    configuration = Configuration()
    configuration.logger_file = str(tmpdir.join("sdk.log"))
    copies = [copy.deepcopy(configuration) for _ in range(20)]
    assert [len(each.handlers) for each in levels] == [count + 1 for count in before]
    assert copies[0].logger_file == configuration.logger_file
    configuration.logger_file = None
    assert [len(each.handlers) for each in levels] == before


def test_8_20_a_copy_has_every_attribute():
    configuration = Configuration()
    for duplicate in (
        copy.copy(configuration),
        copy.deepcopy(configuration),
        pickle.loads(pickle.dumps(configuration)),
    ):
        assert duplicate.logger_file_handler is None
        assert duplicate.logger_stream_handler is None
        assert duplicate.logger["package_logger"].name == "cloudtower"


def test_8_20_no_secret_is_logged_or_printed(server, levels, tmpdir, capfd):
    path = tmpdir.join("sdk.log")
    configuration = Configuration(
        host=server.url + "/v2/api", api_key={"Authorization": "top-secret-token"}
    )
    configuration.debug = True
    configuration.logger_file = str(path)
    client = ApiClient(configuration)
    VmApi(client).get_vms({})
    server.reply(200, {"task_id": None, "data": {"token": "new-secret-token"}})
    UserApi(client).login({"username": "u", "password": "secret-word", "source": "LOCAL"})
    configuration.logger_file = None
    told = path.read() + "".join(capfd.readouterr()) + repr(configuration)
    assert "/login" in told
    for secret in ("top-secret-token", "new-secret-token", "secret-word"):
        assert secret not in told


# ---- 8.21, 8.35 addresses, settings after the fact ---------------------------


def test_8_21_a_host_without_scheme_is_reached_by_http(server):
    address = server.url.replace("http://", "")
    configuration = Configuration(host=address + "/v2/api")
    assert configuration.host == address + "/v2/api"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        client = ApiClient(configuration)
        VmApi(client).get_vms({})
        VmApi(client).get_vms({})
    assert len([each for each in caught if "scheme" in str(each.message)]) == 1
    assert [each.path for each in server.requests] == ["/v2/api/get-vms"] * 2


def test_8_35_settings_count_until_the_first_request(server):
    configuration = Configuration(host="http://elsewhere/v2/api")
    client = ApiClient(configuration)
    configuration.host = server.url + "/v2/api"
    configuration.verify_ssl = False
    configuration.connection_pool_maxsize = 3
    VmApi(client).get_vms({})
    settings = client.rest_client.pool_manager.connection_pool_kw
    assert (settings["cert_reqs"], settings["maxsize"]) == ("CERT_NONE", 3)


# ---- 8.34, 8.40 what is installed, what older scripts say --------------------


def test_8_34_no_package_but_cloudtower_is_installed():
    with open(os.path.join(os.path.dirname(__file__), "..", "..", "setup.py")) as file:
        assert 'find_packages(include=["cloudtower", "cloudtower.*"]' in file.read()


@pytest.mark.parametrize(
    "keyword",
    ["server_index", "server_variables", "server_operation_index", "server_operation_variables"],
)
def test_8_40_keywords_of_older_releases_are_ignored_with_a_warning(keyword):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        configuration = Configuration(host="http://h/v2/api", **{keyword: 0})
    assert configuration.host == "http://h/v2/api"
    assert [each.category for each in caught] == [DeprecationWarning]
    assert keyword in str(caught[0].message)


def test_8_40_models_that_were_dropped_are_there():
    for name in (
        "UpdateCloudTowerApplicationVmSpecParams",
        "UpdateCloudTowerApplicationVmSpecParamsData",
    ):
        assert getattr(cloudtower, name) is getattr(cloudtower.models, name)


def test_8_40_properties_that_the_interface_dropped_are_errors_not_lost():
    with pytest.raises(cloudtower.ApiTypeError):
        cloudtower.ReplicationServiceWhereInput(entity_filter_some={})
