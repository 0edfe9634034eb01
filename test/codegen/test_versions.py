"""Documents written as the vendor writes them: generated, imported and called."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tiny import document, fields, listed, operation, parsed, ref, saved, types

from codegen.__main__ import DOCUMENT, interface

ROOT = Path(__file__).resolve().parents[2]
# One of the vendor's own documents. It is no part of this repository.
VENDOR = ROOT.parent / "shared" / "spec" / "vendor-4.6.0.json"
TEXT = {"type": "string"}


def thing(*required, **properties):
    made = {"type": "object", "properties": properties}
    return dict(made, required=list(required)) if required else made


def or_null(node):
    return {"allOf": [node], "nullable": True} if "$ref" in node else dict(node, nullable=True)


def post(name, tag="Vm", language=None, **more):
    """An operation with texts, headers of answers, and the language if it takes one."""
    if language is not None:
        schema = ref("ContentLanguage")
        parameter = {"name": "content-language", "in": "header", "schema": schema}
        more["parameters"] = [dict(parameter, required=language)]
    node = operation(name, tag, security=[{"Authorization": []}], **more)
    answer = dict(node["responses"]["200"], description="Ok", headers={"x-tower-request-id": {}})
    return {"post": dict(node, responses={"200": answer, "404": {"description": "Not found"}})}


SCHEMAS = {
    "VmStartParams": thing("where", where=ref("VmWhereInput"), data=thing(host_id=TEXT)),
    "VmMigrateParams": thing("where", where=ref("VmWhereInput"), data=thing(host_id=TEXT)),
    "VmStopParams": thing(data=thing("host_id", host_id=TEXT), steps=listed(thing(after=TEXT))),
    "VmNote": thing(extra=thing(), free={"type": "object"}, more={"additionalProperties": TEXT}),
    "VmCreationParams": {
        "allOf": [
            thing("name", name=TEXT, nic=thing("vlan", vlan=TEXT, mirror=thing(on=TEXT))),
            ref("VmCommonParams"),
        ]
    },
    "VmCommonParams": thing(memory=ref("Bytes"), owner=thing(login=TEXT)),
    "VmRemovalParams": ref("VmStartParams"),
    "Bytes": {"type": "integer", "format": "int64"},
    "Names": listed(TEXT),
    "VmStatus": {"enum": ["RUNNING", "STOPPED"]},
    "Vm": {
        "properties": {
            "id": TEXT,
            "names": or_null(ref("Names")),
            "status": or_null(ref("VmStatus")),
            "memory": or_null(ref("Bytes")),
            "host": or_null(ref("Host")),
            "labels": or_null(listed(ref("Host"))),
            "detail": {},
        },
        "required": ["id"],
    },
    "Host": thing("id", id=TEXT),
    "VmWhereInput": thing(
        AND=or_null(listed(ref("VmWhereInput"))),
        NOT=or_null(listed(ref("VmWhereInput"))),
        OR=or_null(listed(ref("VmWhereInput"))),
        host=or_null(ref("HostWhereInput")),
        id=or_null(TEXT),
    ),
    "HostWhereInput": thing(id=or_null(TEXT)),
    "ContentLanguage": {"enum": ["en-US", "zh-CN"], "type": "string"},
    "WithTask_Vm_": thing("data", task_id=or_null(TEXT), data=ref("Vm")),
    "VmVolumeElfStoragePolicyType": {
        "enum": ["REPLICA_2_THIN_PROVISION", "REPLICA_3_THIN_PROVISION"],
        "type": "string",
    },
}
STARTED = listed(ref("WithTask_Vm_"))
PATHS = {
    "/get-vms": post("GetVms", language=False, body=ref("VmNote"), returns=listed(ref("Vm"))),
    "/start-vm": post("StartVm", language=True, body=ref("VmStartParams"), returns=STARTED),
    "/create-vm": post("CreateVm", body=listed(ref("VmCreationParams")), returns=STARTED),
    "/delete-vm": post("DeleteVm", body=ref("VmRemovalParams"), returns=ref("Names")),
    "/get-usb": post("GetUsb", tags=["Usb", "Usb"], returns=ref("Bytes")),
}
SCHEME = {"type": "apiKey", "name": "Authorization", "in": "header", "description": ""}
CONTENT = document(
    SCHEMAS,
    PATHS,
    info={"title": "CloudTower APIs", "version": "1.8.0", "description": "The API."},
    servers=[{"url": "/"}],
    components={
        "examples": {},
        "headers": {},
        "parameters": {},
        "requestBodies": {},
        "responses": {},
        "schemas": SCHEMAS,
        "securitySchemes": {"Authorization": SCHEME},
    },
)


@pytest.fixture(scope="module")
def made():
    return parsed(SCHEMAS, PATHS)


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vendor")
    command = [sys.executable, "-m", "codegen", "--spec", str(saved(folder, CONTENT))]
    done = subprocess.run(
        command + ["--out", str(folder / "out")], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return folder / "out"


@pytest.fixture
def run(package, server):
    """callable(code) -> what the code prints, in an interpreter that has only that client."""

    def run(code):
        before = (
            # An editable installation would find modules of the checkout here.
            "import sys\n"
            "sys.meta_path[:] = [f for f in sys.meta_path if 'Editable' not in repr(f)]\n"
            "from cloudtower import *\n"
            "client = ApiClient(Configuration(host=%r, api_key={'Authorization': 'token'}))\n"
            "vm_api = VmApi(client)\n"
        ) % (server.url + "/v2/api")
        done = subprocess.run(
            [sys.executable, "-c", before + code],
            cwd=package,
            env=dict(os.environ, PYTHONPATH=str(package)),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


# ---- what inline objects are called ----------------------------------------


@pytest.mark.parametrize(
    "owner, name, expected",
    [
        ("VmStartParams", "data", "VmStartParamsData"),
        ("VmMigrateParams", "data", "VmStartParamsData"),  # equal, the first one names it
        ("VmStopParams", "data", "VmStopParamsData"),  # not equal: host_id is required
        ("VmStopParams", "steps", "list[VmStopParamsSteps]"),
        ("VmNote", "extra", "object"),
        ("VmNote", "free", "object"),
        ("VmNote", "more", "map[str]"),
        ("VmCreationParams", "nic", "VmCreationParamsAllOfNic"),
        ("VmCreationParamsAllOf", "nic", "VmCreationParamsAllOfNic"),
        ("VmCreationParamsAllOfNic", "mirror", "VmCreationParamsAllOfNicMirror"),
        ("VmCreationParams", "owner", "VmCommonParamsOwner"),  # after the schema that has it
        ("VmCommonParams", "owner", "VmCommonParamsOwner"),
    ],
)
def test_inline_objects(made, owner, name, expected):
    assert types(made, owner)[name] == expected


def test_an_inline_part_is_a_class_too(made):
    assert types(made, "VmCreationParamsAllOf") == {
        "name": "str",
        "nic": "VmCreationParamsAllOfNic",
    }
    assert fields(made, "VmCreationParamsAllOf")["name"].required
    assert list(types(made, "VmCreationParams")) == ["name", "nic", "memory", "owner"]


def test_equal_parts_are_one_class_and_others_are_counted():
    one, two, base = thing(a=TEXT), thing(b=TEXT), ref("Base")
    schemas = {
        "Base": thing(id=TEXT),
        "First": {"allOf": [one, base]},
        "Second": {"allOf": [base, one]},
        "Third": {"allOf": [two, thing(c=TEXT), base]},
    }
    keys = [each.key for each in parsed(schemas).schemas]
    assert keys == ["Base", "First", "FirstAllOf", "Second", "Third", "ThirdAllOf", "ThirdAllOf1"]


def test_names_for_scalars_and_lists(made):
    assert types(made, "Vm") == {
        "id": "str",
        "names": "list[str]",
        "status": "VmStatus",
        "memory": "int64",
        "host": "Host",
        "labels": "list[Host]",
        "detail": "object",
    }
    nullable = {json for json, each in fields(made, "Vm").items() if each.nullable}
    assert nullable == {"names", "status", "memory", "host", "labels"}
    keys = {each.key for each in made.schemas}
    assert not keys & {"Bytes", "Names", "VmRemovalParams"}


# ---- the client ------------------------------------------------------------


def test_it_has_what_the_document_has(run):
    printed = run(
        "import cloudtower, cloudtower.api, cloudtower.models\n"
        "print(sorted(cloudtower.api.catalog.homes), hasattr(cloudtower, 'HostApi'))\n"
        "print(hasattr(vm_api, 'stop_vm'), WithTaskVm.__module__)\n"
        "print(sorted(name for name in dir(UsbApi) if name.startswith('get_usb')))\n"
    )
    assert printed.splitlines() == [
        "['UsbApi', 'VmApi'] False",
        "False cloudtower.models.with_task_vm",
        str(["get_usb", "get_usb_0", "get_usb_0_with_http_info", "get_usb_with_http_info"]),
    ]


def test_a_call(run, server):
    host = {"id": "h"}
    vm = {"id": "v", "names": ["a"], "status": "RUNNING", "memory": 1, "host": host}
    server.reply(200, [dict(vm, labels=[host], detail={"any": 1})])
    printed = run(
        "(vm,) = vm_api.get_vms(VmNote(extra={'a': 1}, more={'b': 'c'}))\n"
        "print(vm.names, vm.status == VmStatus.RUNNING, vm.memory, vm.host, vm.labels, vm.detail)\n"
    )
    assert printed == "['a'] True 1 Host(id='h') [Host(id='h')] {'any': 1}"
    assert server.last.path == "/v2/api/get-vms"
    assert server.last.json() == {"extra": {"a": 1}, "more": {"b": "c"}}
    assert server.last.header("authorization") == ["token"]


def test_a_language_that_must_be_given(run, server):
    server.reply(200, [{"task_id": "t", "data": {"id": "v"}}])
    printed = run(
        "body = VmStartParams(where=VmWhereInput(host=HostWhereInput(id='h')),\n"
        "    data=VmStartParamsData(host_id='h'))\n"
        "try:\n"
        "    vm_api.start_vm(body)\n"
        "except TypeError as error:\n"
        "    print('content_language' in str(error))\n"
        "print(vm_api.start_vm(body, content_language=ContentLanguage.ZH_CN)[0].data.id)\n"
    )
    assert printed.splitlines() == ["True", "v"]
    (request,) = server.requests
    assert request.header("content-language") == ["zh-CN"]
    assert request.json() == {"where": {"host": {"id": "h"}}, "data": {"host_id": "h"}}


def test_parts_in_a_body(run, server):
    server.reply(200, [])
    run(
        "nic = VmCreationParamsAllOfNic(vlan='v', mirror=VmCreationParamsAllOfNicMirror(on='x'))\n"
        "owner = VmCommonParamsOwner(login='me')\n"
        "vm_api.create_vm([VmCreationParams(name='web', nic=nic, memory=1, owner=owner)])\n"
    )
    assert server.last.json() == [
        {
            "name": "web",
            "nic": {"vlan": "v", "mirror": {"on": "x"}},
            "memory": 1,
            "owner": {"login": "me"},
        }
    ]


def test_a_body_that_is_another_name_for_one(run, server):
    server.reply(200, ["v"])
    assert run("print(vm_api.delete_vm(body={'where': {'id': 'v'}}))") == "['v']"
    assert server.last.json() == {"where": {"id": "v"}}


def test_a_tag_that_is_there_twice(run, server):
    server.reply(200, "1099511627776")
    assert run("api = UsbApi(client)\nprint(api.get_usb(), api.get_usb_0())") == (
        "1099511627776 1099511627776"
    )
    assert [each.path for each in server.requests] == ["/v2/api/get-usb"] * 2


def test_constants_that_an_overlay_keeps(run):
    printed = run(
        "policy = VmVolumeElfStoragePolicyType\n"
        "print(policy._2_THIN_PROVISION, len(policy.allowable_values))\n"
        "print(hasattr(policy, '_1_THIN_PROVISION'))\n"
    )
    assert printed.splitlines() == ["REPLICA_2_THIN_PROVISION 2", "False"]


# ---- one of the vendor's own -----------------------------------------------


@pytest.mark.skipif(not VENDOR.exists(), reason="no document of the vendor here")
def test_a_document_of_the_vendor(tmp_path):
    """What it has is what ours has, but for what later versions changed."""
    theirs, ours = interface(VENDOR), interface(DOCUMENT)
    later = {
        (each.api, each.name)
        for each in ours.operations
        if [int(part) for part in each.since.split(".")] > [4, 6, 0]
    }
    known = {(each.api, each.name) for each in ours.operations}
    assert {(each.api, each.name) for each in theirs.operations} == known - later
    schemas = {each.name: each for each in ours.schemas}
    same, changed = 0, []
    for schema in theirs.schemas:
        found = {each.json: str(each.type) for each in schemas[schema.name].fields}
        for each in schema.fields:
            if found.get(each.json) == str(each.type):
                same += 1
            else:
                changed.append("%s.%s" % (schema.name, each.json))
    assert same > 23000
    gone = [name for name in changed if name.startswith("ReplicationServiceWhereInput.resource_")]
    assert sorted(set(changed) - set(gone)) == [
        "IscsiTargetUpdationParams.data",
        "NvmfNamespaceCreationParamsAllOf.namespace_id",
        "NvmfSubsystemUpdationParams.data",
    ]
    command = [sys.executable, "-m", "codegen", "--spec", str(VENDOR), "--out", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    code = (
        "import json, cloudtower\n"
        "from cloudtower import api, models\n"
        "for each in api.catalog.homes: dir(getattr(api, each))\n"
        "print(len([getattr(models, each).openapi_types for each in models.catalog.homes]))"
    )
    printed = subprocess.check_output([sys.executable, "-c", code], cwd=tmp_path)
    assert json.loads(printed) == len(theirs.schemas)
