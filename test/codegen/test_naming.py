"""Names in Python: the rules that the published SDK's names follow."""

import pytest
from tiny import listed, operation, passed, ref

from codegen.passes import naming


@pytest.mark.parametrize(
    "name, expected",
    [
        ("Vm", "vm"),
        ("VmWhereInput", "vm_where_input"),
        ("ParsedOVF", "parsed_ovf"),
        ("BPSUnit", "bps_unit"),
        ("manageVDSes", "manage_vd_ses"),
        ("fileUUID", "file_uuid"),
        ("GetTopNVmVolumeMetrics", "get_top_nvm_volume_metrics"),
        ("ROLEACTION", "roleaction"),
        ("GetV2EverouteLicenses", "get_v2_everoute_licenses"),
        ("entityAsyncStatus", "entity_async_status"),
        ("x-tower-request-id", "x_tower_request_id"),
        ("WithTaskVm", "with_task_vm"),
        ("hostID", "host_id"),
        ("IscsiLUNSnapshot", "iscsi_lun_snapshot"),
        ("vm_id", "vm_id"),
        ("", ""),
    ],
)
def test_snake(name, expected):
    assert naming.snake(name) == expected


@pytest.mark.parametrize(
    "key, expected",
    [
        ("WithTask_Vm_", "WithTaskVm"),
        (
            "WithTask_DeleteBackupRestorePoint-Array_",
            "WithTaskDeleteBackupRestorePointArray",
        ),
        ("ROLE_ACTION", "ROLEACTION"),
        ("Vm", "Vm"),
        ("vm", "Vm"),
        ("a.b c", "ABC"),
    ],
)
def test_class_name(key, expected):
    assert naming.class_name(key) == expected


@pytest.mark.parametrize(
    "name, expected",
    [
        ("AND", "_and"),
        ("OR", "_or"),
        ("NOT", "_not"),
        ("orderBy", "order_by"),
        ("entityAsyncStatus", "entity_async_status"),
        ("createdAt_gt", "created_at_gt"),
        ("Iscsi_lun_snapshots", "iscsi_lun_snapshots"),
        ("en-US", "en_us"),
        ("zh-CN", "zh_cn"),
        ("x-tower-request-id", "x_tower_request_id"),
        ("hostID", "host_id"),
        ("__typename", "typename"),
        ("_chunk", "chunk"),
        ("UUID", "uuid"),
        ("ID_IN", "id_in"),
        ("from", "_from"),
        ("class", "_class"),
        ("name", "name"),
    ],
)
def test_property_name(name, expected):
    assert naming.property_name(name) == expected


@pytest.mark.parametrize(
    "values, expected",
    [
        (["RUNNING", "STOPPED"], ["RUNNING", "STOPPED"]),
        (["*", "en-US", "zh-CN"], ["_", "EN_US", "ZH_CN"]),
        (["bps", "Kbps"], ["BPS", "KBPS"]),
        (["LEVEL_1_LOW", "LEVEL_2_HIGH"], ["_1_LOW", "_2_HIGH"]),
        (["RESTRICT_WHOLE_VM", "RESTRICT_PER_DISK"], ["WHOLE_VM", "PER_DISK"]),
        (
            ["createdAt_ASC", "createdAt_DESC", "id_ASC"],
            ["CREATEDAT_ASC", "CREATEDAT_DESC", "ID_ASC"],
        ),
        (["id_ASC", "id_DESC"], ["ASC", "DESC"]),
        (["LOAD_CLUSTER_A"], ["LOAD_CLUSTER_A"]),
        (["TASK_A", "TASK_B"], ["A", "B"]),
        (["KVM_VOLUME", "KVM_VOLUME_SNAPSHOT"], ["VOLUME", "VOLUME_SNAPSHOT"]),
        (["ABLE", "ABOUT"], ["ABLE", "ABOUT"]),
        (["1st", "2nd"], ["_1ST", "_2ND"]),
        ([], []),
    ],
)
def test_constants(values, expected):
    pairs = naming.constants(values)
    assert [name for name, _ in pairs] == expected
    assert [value for _, value in pairs] == values


THING = {"type": "object", "properties": {"id": {"type": "string"}}}


def named(**paths):
    made = passed({"Thing": THING, "Thing_List": listed(ref("Thing"))}, paths["paths"])
    return {each.id + str(each.repeat or ""): each for each in made.operations}


def test_operations():
    found = named(
        paths={
            "/get-things": {"post": operation("GetThings", tag="USBDevice")},
            "/x": {"get": operation("getTopNThings", tag="V2Everoute")},
        }
    )
    assert [(each.api, each.module, each.name) for each in found.values()] == [
        ("USBDeviceApi", "usb_device_api", "get_things"),
        ("V2EverouteApi", "v2_everoute_api", "get_top_n_things"),
    ]


def test_a_tag_listed_twice_gives_the_operation_twice():
    found = named(paths={"/x": {"post": operation("GetX", tags=["A", "B", "A", "A"])}})
    made = passed(
        {"Thing": THING}, {"/x": {"post": operation("GetX", tags=["A", "B", "A", "A"])}}
    ).operations
    assert [(each.api, each.name) for each in made] == [
        ("AApi", "get_x"),
        ("BApi", "get_x"),
        ("AApi", "get_x_0"),
        ("AApi", "get_x_1"),
    ]
    assert found["GetX"].path == "/x"


@pytest.mark.parametrize(
    "body, expected",
    [
        (ref("Thing"), "thing"),
        (listed(ref("Thing")), "thing"),
        (ref("Thing_List"), "thing"),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, "get_x_body"),
        ({"type": "string"}, "body"),
        (listed({"type": "string"}), "body"),
        ({"type": "object"}, "body"),
    ],
)
def test_name_of_the_body(body, expected):
    made = passed(
        {"Thing": THING, "Thing_List": listed(ref("Thing"))},
        {"/x": {"post": operation("GetX", body=body)}},
    )
    assert made.operations[0].body.name == expected


def test_a_body_that_only_refers_to_another_schema_is_called_body():
    schemas = {"Thing": THING, "Alias": ref("Thing")}
    made = passed(schemas, {"/x": {"post": operation("GetX", body=ref("Alias"))}})
    assert (made.operations[0].body.name, made.operations[0].body.type.name) == ("body", "Thing")


def test_header_parameters():
    header = {"name": "external-cloudtower-id", "in": "header", "schema": {"type": "string"}}
    made = passed(paths={"/x": {"post": operation("GetX", parameters=[header])}})
    (found,) = made.operations[0].placed("header")
    assert (found.name, found.json) == ("external_cloudtower_id", "external-cloudtower-id")


def test_documented_modules():
    made = passed(
        {"Thing": THING, "WithTask_ParsedOVF_": THING, "ROLE_ACTION": {"enum": ["A", "B"]}}
    )
    assert {each.name: each.path for each in made.schemas} == {
        "Thing": "thing",
        "WithTaskParsedOVF": "with_task_parsed_ovf",
        "ROLEACTION": "roleaction",
    }
