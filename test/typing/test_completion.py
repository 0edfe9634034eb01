"""What an editor offers and shows: keys of bodies, classes, methods, attributes."""

import pytest
from checkers import ROOT, needs, needs_node
from language_server import LanguageServer

from cloudtower import GetVmsRequestBody, Vm, VmApi, VmStartParams, VmStatus, VmWhereInput

VM_API = "from cloudtower import VmApi\nvm_api = VmApi()\n"
OPERATIONS = {name for name in dir(VmApi) if not name.startswith("_")}
FIELDS = set(Vm.attribute_map)
WHERE = set(VmWhereInput.attribute_map.values())


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    needs("pyright")
    needs_node()
    with LanguageServer(tmp_path_factory.mktemp("scripts")) as server:
        yield server


@pytest.mark.parametrize(
    "text, rest, keys",
    [
        ('vm_api.get_vms({"', "", set(GetVmsRequestBody.attribute_map.values())),
        ('vm_api.get_vms({"where": {"', "", WHERE),
        ('vm_api.get_vms({"where": {"', '"}})', WHERE),
        ('vm_api.get_vms({"where": {"AND": [{"', '"}]}})', WHERE),
        (
            'vm_api.get_vms({"where": {"OR": [{"ha": True}, {"name": "x", "',
            '"}]}})',
            WHERE - {"name"},
        ),
        ('vm_api.get_vms_with_http_info({"where": {"', '"}})', WHERE),
        ('vm_api.get_vms({"where": {"', '"}}, async_req=True)', WHERE),
        ('vm_api.start_vm({"', '"})', set(VmStartParams.attribute_map.values())),
    ],
)
def test_keys_of_bodies(server, text, rest, keys):
    assert set(server.completions(VM_API + text, rest)) == keys


@pytest.mark.parametrize(
    "text, rest, some",
    [
        ('vm_api.update_vm({"where": {}, "data": {"', '"}})', {"name", "vcpu", "memory"}),
        ('vm_api.create_vm([{"', '"}])', {"cluster_id", "vm_disks"}),
        ('vm_api.create_vm({"', '"})', {"cluster_id", "vm_disks"}),
        ('vm_api.create_vm({"vm_disks": {"mount_cd_roms": [{"', '"}]}})', {"boot", "index"}),
        ('vm_api.get_vms({"where": {"status": "', '"}})', set(VmStatus.allowable_values)),
        ('vm_api.get_vms({"orderBy": "', '"})', {"name_ASC", "name_DESC"}),
        ("vm_api.get_vms({}, content", ")", {"content_language="}),
        ("import cloudtower\ncloudtower.", "", {"VmApi", "Vm", "ApiClient", "utils"}),
        ("from cloudtower import VmW", "", {"VmWhereInput"}),
        ("from cloudtower.types import VmW", "", {"VmWhereInputDict"}),
        ("from cloudtower import VmWhereInput\nVmWhereInput(", ")", {"name_contains=", "cluster="}),
        ("from cloudtower import VmStatus\nVmStatus.", "", {"RUNNING", "STOPPED"}),
        ("vm_api.", "", OPERATIONS),
        ("vm_api.get_vms({})[0].", "", FIELDS),
        ("vm_api.get_vms({}, async_req=True).get()[0].", "", FIELDS),
        ('for task in vm_api.start_vm({"where": {}}):\n    task.data.', "", FIELDS),
        ("from cloudtower import Configuration\nConfiguration.from_env().", "", {"verify_ssl"}),
        ("from cloudtower.utils import ", "", {"wait_tasks", "login"}),
    ],
)
def test_pyright_offers(server, text, rest, some):
    missing = some - set(server.completions(VM_API + text, rest))
    assert missing == set()


@pytest.mark.parametrize(
    "text, signature, sentence",
    [
        (
            "vm_api.start_vm",
            "vm_start_params: VmStartParams | VmStartParamsDict",
            "Start every stopped",
        ),
        ("vm_api.get_vms({})[0].memory", "memory: int", "multiple of 512 MiB"),
        ('vm_api.start_vm({"where', "where: VmWhereInput | VmWhereInputDict", "Filter for"),
        ("from cloudtower import VmApi", "class", "VmApi"),
        (
            "from cloudtower.utils import wait_task\nwait_task",
            "timeout: float | None = 300",
            "Wait until",
        ),
        (
            "from cloudtower import Configuration\nConfiguration().verify_ssl",
            "verify_ssl: bool",
            "",
        ),
    ],
)
def test_pyright_shows(server, text, signature, sentence):
    shown = server.hover(VM_API + text)
    assert signature in shown and sentence in shown


def test_pyright_describes_what_it_offers(server):
    shown = server.described(VM_API + "vm_api.", "start_vm")
    assert "-> list[WithTaskVm]" in shown and "Start every stopped VM" in shown
    shown = server.described(VM_API + "vm_api.get_vms({})[0].", "memory")
    assert "memory: int" in shown and "multiple of 512 MiB" in shown


@pytest.fixture(scope="module")
def offered(tmp_path_factory):
    """What jedi offers at the end of a text: callable(text) that returns names to completions."""
    needs("jedi")
    import jedi

    jedi.settings.cache_directory = str(tmp_path_factory.mktemp("jedi"))
    project = jedi.Project(str(ROOT), added_sys_path=[str(ROOT)])

    def complete(text):
        script = jedi.Script(VM_API + text, path=str(ROOT / "script.py"), project=project)
        return {each.name: each for each in script.complete()}

    return complete


@pytest.mark.parametrize(
    "text, some",
    [
        ("import cloudtower\ncloudtower.", {"VmApi", "Vm", "ApiClient", "utils"}),
        ("vm_api.", OPERATIONS),
        ("vm_api.get_vms({})[0].", FIELDS),
        ('vm_api.start_vm({"where": {}})[0].data.', FIELDS),
        ("vm_api.get_vms_with_http_info({})[0][0].", FIELDS),
        ("from cloudtower import VmStatus\nVmStatus.", {"RUNNING", "STOPPED"}),
        ("from cloudtower import Configuration\nConfiguration.from_env().", {"verify_ssl"}),
        ("from cloudtower.utils import ", {"wait_tasks", "login"}),
    ],
)
def test_jedi_offers(offered, text, some):
    assert some - set(offered(text)) == set()


def test_jedi_shows(offered):
    # of a function that the module defines by a row it shows the signature alone
    shown = offered("vm_api.")["start_vm"].docstring()
    assert "start_vm(vm_start_params: " in shown and "-> list[" in shown
    assert "multiple of 512 MiB" in offered("vm_api.get_vms({})[0].")["memory"].docstring()
    shown = offered("from cloudtower.utils import ")["wait_task"].docstring()
    assert "timeout: float | None" in shown and "Wait until a task has succeeded" in shown
