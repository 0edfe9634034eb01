"""What things mean: which entry holds for what, and what is refused."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tiny import NO_SOURCES, document, listed, operation, passed, ref, saved

from codegen import load, sentences
from codegen.__main__ import sources_of
from codegen.passes import meanings

ROOT = Path(__file__).resolve().parents[2]
TEXT = {"type": "string"}


def entry(text):
    return {"en": text, "zh": "中文 " + text}


def entries(**texts):
    return {name.replace("__", "."): entry(text) for name, text in texts.items()}


def thing(**properties):
    return {"type": "object", "properties": properties}


def or_null(node):
    return {"allOf": [node], "nullable": True} if "$ref" in node else dict(node, nullable=True)


def filter_of(key, **properties):
    logic = {name: or_null(listed(ref(key))) for name in ("AND", "NOT", "OR")}
    return thing(**dict(sorted(dict(logic, **properties).items())))


FORM = thing(file={"type": "string", "format": "binary"}, size={"type": "integer"})
SCHEMAS = {
    "Vm": thing(id=TEXT, name=TEXT, host=ref("NestedHost"), flag={"type": "boolean"}),
    "NestedVm": thing(id=TEXT, name=TEXT),
    "VmWhereInput": filter_of(
        "VmWhereInput",
        flag=or_null({"type": "boolean"}),
        flag_not=or_null({"type": "boolean"}),
        odd_gt=or_null(TEXT),
    ),
    "GetVmsRequestBody": thing(where=or_null(ref("VmWhereInput"))),
    "VmStartParams": thing(where=ref("VmWhereInput")),
    "WithTask_Vm_": thing(data=ref("Vm")),
    "Host": thing(id=TEXT, name=TEXT, vms=listed(ref("NestedVm"))),
    "NestedHost": thing(id=TEXT, name=TEXT),
}
PATHS = {
    "/get-vms": {"post": operation("GetVms", "Vm", ref("GetVmsRequestBody"), listed(ref("Vm")))},
    "/start-vm": {
        "post": operation("StartVm", "Vm", ref("VmStartParams"), listed(ref("WithTask_Vm_")))
    },
    "/get-hosts": {"post": operation("GetHosts", "Host", returns=listed(ref("Host")))},
    "/upload": {
        "post": operation(
            "UploadVm",
            tags=["Vm", "Vm"],
            requestBody={"content": {"multipart/form-data": {"schema": FORM}}},
        )
    },
}


def explained(**files):
    """The Interface with meanings, a keyword for each file."""
    sources = NO_SOURCES._replace(meanings=sorted(files.items()))
    return passed(SCHEMAS, PATHS, sources)


def english(interface, model, field, table="fields"):
    (schema,) = [each for each in interface.schemas if each.name == model]
    (found,) = [each for each in getattr(schema, table) if each.name == field]
    return found.meaning and found.meaning.en


# ---- which entry holds -----------------------------------------------------


def test_both_languages_are_kept():
    made = explained(vm={"fields": entries(name="Name.")})
    (vm,) = [each for each in made.schemas if each.name == "Vm"]
    assert vm.fields[1].meaning.en == "Name." and vm.fields[1].meaning.zh == "中文 Name."
    assert made.unmatched == ()


def test_the_nearest_entry_wins():
    files = {
        "common": {"fields": entries(id="common", name="common", host="common", flag="common")},
        "vm": {"fields": entries(name="module", host="module", flag="module")},
        "host": {"fields": entries(Vm__flag="one model")},
    }
    made = explained(**files)
    assert [english(made, "Vm", name) for name in ("id", "name", "host", "flag")] == [
        "common",
        "module",
        "module",
        "one model",
    ]
    assert english(made, "Host", "name") == "common" and made.unmatched == ()


def test_a_relation_means_what_its_model_means():
    """NestedVm and NestedHost are of several resources, and live elsewhere."""
    made = explained(
        vm={"fields": entries(name="of the VM")},
        host={"fields": entries(name="of a host", Host__id="one host", NestedHost__name="seen")},
    )
    assert english(made, "NestedVm", "name") == "of the VM"
    assert english(made, "NestedHost", "id") == "one host"
    assert english(made, "NestedHost", "name") == "seen"
    assert english(made, "Vm", "host") is None  # that it is a Host says nothing of its role


def test_a_filter_means_what_its_model_means():
    made = explained(
        vm={"fields": entries(Vm__flag="Whether.", odd_gt="Odd.")},
        common={"fields": entries(_not="None of these.")},
    )
    assert english(made, "VmWhereInput", "flag", "rows") == "Whether."
    assert english(made, "VmWhereInput", "flag") == "Whether."
    assert english(made, "VmWhereInput", "flag_not") == "Whether."  # an operator on it
    assert english(made, "VmWhereInput", "odd_gt", "plain") == "Odd."
    assert english(made, "VmWhereInput", "_not") == "None of these."
    assert english(made, "VmWhereInput", "_or") is None
    assert made.unmatched == ()


def test_a_model_like_another_one():
    made = explained(
        host={"like": {"Host": "Vm"}, "fields": entries(id="own module", Host__vms="own")},
        vm={"fields": entries(name="of the VM", Vm__id="one model")},
    )
    assert english(made, "Host", "name") == "of the VM"
    assert english(made, "Host", "id") == "one model"
    assert english(made, "Host", "vms") == "own" and made.unmatched == ()
    for pair in ({"Host": "Vmm"}, {"Hots": "Vm"}):
        (told,) = explained(host={"like": pair}).unmatched
        assert told == "meanings/host.json: like.%s" % list(pair)[0]


def test_a_pattern_holds_for_all_models_of_such_a_name_and_the_longest_wins():
    fields = {
        "*.where": entry("any"),
        "Get*RequestBody.where": entry("read"),
        "where": entry("plain"),
        "WithTask*.data": entry("done"),
    }
    made = explained(common={"fields": fields})
    assert english(made, "GetVmsRequestBody", "where") == "read"
    assert english(made, "VmStartParams", "where") == "any"
    assert english(made, "WithTaskVm", "data") == "done"
    made = explained(
        common={"fields": fields}, vm={"fields": entries(VmStartParams__where="start")}
    )
    assert english(made, "VmStartParams", "where") == "start" and made.unmatched == ()


def test_parameters():
    made = explained(
        common={"fields": entries(size="In bytes.")},
        vm={"fields": entries(file="A file.", upload_vm__file="An image.")},
    )
    uploads = [each for each in made.operations if each.id == "UploadVm"]
    assert [each.name for each in uploads] == ["upload_vm", "upload_vm_0"]
    for each in uploads:  # two names of one operation
        meant = {parameter.name: parameter.meaning.en for parameter in each.parameters}
        assert meant == {"file": "An image.", "size": "In bytes."}
    assert made.unmatched == ()


def test_operations():
    made = explained(vm={"operations": entries(start_vm="Start VMs.", upload_vm="Upload.")})
    meant = {each.name: each.meaning and each.meaning.en for each in made.operations}
    assert meant == {
        "get_vms": None,
        "start_vm": "Start VMs.",
        "get_hosts": None,
        "upload_vm": "Upload.",
        "upload_vm_0": "Upload.",
    }


# ---- what addresses nothing, and what is refused ---------------------------


@pytest.mark.parametrize(
    "module, member, name, expected",
    [
        ("vm", "operations", "strat_vm", "strat_vm (nearest: start_vm)"),
        ("host", "operations", "start_vm", "start_vm"),  # of another resource
        ("common", "operations", "start_vm", "start_vm"),
        ("vm", "fields", "nmae", "nmae (nearest: name)"),
        ("vm", "fields", "vms", "vms"),  # a host has them
        ("vm", "fields", "flag_not", "flag_not (nearest: flag)"),  # an operator
        ("host", "fields", "Vm.falg", "Vm.falg (nearest: flag)"),
        ("vm", "fields", "Vmm.flag", "Vmm.flag (nearest: Vm)"),
        ("common", "fields", "WithTask*.date", "WithTask*.date (nearest: data)"),
        ("common", "fields", "Zoo*.data", "Zoo*.data"),
        ("vm", "fields", "upload_vm.fiel", "upload_vm.fiel (nearest: file)"),
        ("host", "fields", "upload_vm.file", "upload_vm.file"),
        ("vmm", "fields", "flag", "flag"),  # no resource
    ],
)
def test_what_addresses_nothing_is_told(module, member, name, expected):
    made = explained(**{module: {member: {name: entry("x")}}})
    assert made.unmatched == ("meanings/%s.json: %s.%s" % (module, member, expected),)


def test_it_is_no_error():
    """Older documents have less."""
    files = {"vm": {"fields": entries(gone="x", name="Name."), "operations": entries(gone="x")}}
    made = explained(**files)
    assert english(made, "Vm", "name") == "Name." and len(made.unmatched) == 2


@pytest.mark.parametrize(
    "texts, said",
    [
        ({"en": "Name."}, "must have the members en and zh"),
        ({"en": "Name.", "zh": "名称。", "de": "Name."}, "must have the members en and zh"),
        ("Name.", "must have the members en and zh"),
        ({"en": "", "zh": "名称。"}, "en must be a text on one line"),
        ({"en": "Name.", "zh": None}, "zh must be a text on one line"),
        ({"en": "Name.\nMore.", "zh": "名称。"}, "en must be a text on one line"),
        ({"en": " Name.", "zh": "名称。"}, "en must be a text on one line"),
        ({"en": "Name。", "zh": "名称。"}, "not ASCII"),
        ({"en": "Name.", "zh": "Name."}, "zh is not Chinese"),
    ],
)
@pytest.mark.parametrize("member, name", [("fields", "name"), ("operations", "start_vm")])
def test_a_bad_entry(texts, said, member, name):
    with pytest.raises(ValueError, match=said) as caught:
        explained(vm={member: {name: texts}})
    assert str(caught.value).startswith("meanings/vm.json: %s.%s" % (member, name))


def test_a_member_that_there_is_not():
    with pytest.raises(ValueError, match="meanings/vm.json has no member 'field'"):
        explained(vm={"field": {}})


def test_one_model_in_two_files():
    files = {"host": {"fields": entries(Vm__name="a")}, "vm": {"fields": entries(Vm__name="b")}}
    with pytest.raises(ValueError, match="meanings/vm.json: .* is also in meanings/host.json"):
        explained(**files)


# ---- the command -----------------------------------------------------------


def test_what_lacks_a_meaning():
    files = {
        "common": {"fields": entries(id="Its id.")},
        "vm": {"operations": entries(start_vm="Start VMs.")},
    }
    sources = NO_SOURCES._replace(meanings=sorted(files.items()))
    operations, fields = meanings.lacking(passed(SCHEMAS, PATHS, sources), sources)
    assert operations == ["VmApi.get_vms", "VmApi.upload_vm", "VmApi.upload_vm_0"]
    assert "Vm.name" in fields and "Vm.id" not in fields
    assert not any(name.startswith(("Host", "VmWhereInput")) for name in fields)


def test_files_are_read_with_their_names(tmp_path):
    (tmp_path / "meanings").mkdir()
    for name in ("vm", "common"):
        (tmp_path / "meanings" / (name + ".json")).write_text('{"fields": {}}')
    assert load.meanings(tmp_path) == [("common", {"fields": {}}), ("vm", {"fields": {}})]
    assert load.meanings(tmp_path / "nowhere") == []
    (tmp_path / "meanings" / "vm.json").write_text("{")
    with pytest.raises(load.DocumentError, match="vm.json: is not JSON"):
        load.meanings(tmp_path)


def test_another_document_is_generated_with_our_meanings(tmp_path):
    """What it lacks is said, and stops nothing."""
    path = saved(tmp_path, document())
    command = [sys.executable, "-m", "codegen", "--spec", str(path), "--out", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stderr.splitlines() if "meanings/" in line]
    assert told and all(line.startswith("codegen: addresses nothing in") for line in told)


# ---- the data file ---------------------------------------------------------


def test_the_data_file_has_each_sentence_once():
    made = explained(
        common={"fields": entries(id="Its id.")},
        vm={"operations": entries(start_vm="Start VMs."), "fields": entries(name="Its id.")},
    )
    content = json.loads(sentences.text(made))
    assert sorted(content["sentences"]) == [
        ["Its id.", "中文 Its id."],
        ["Start VMs.", "中文 Start VMs."],
    ]
    number = content["sentences"].index(["Its id.", "中文 Its id."])
    assert content["operations"] == {"VmApi": {"start_vm": 1 - number}}
    assert content["fields"]["Vm"] == {"id": number, "name": number}
    assert "VmStartParams" not in content["fields"]


def test_what_help_reads_is_what_the_pass_found():
    """Every sentence of this repository, in both languages."""
    code = (
        "import json\n"
        "from codegen.__main__ import DOCUMENT, interface\n"
        "from cloudtower._runtime import meanings\n"
        "made = interface(DOCUMENT)\n"
        "for each in made.operations:\n"
        "    wanted = each.meaning and each.meaning.%(language)s\n"
        "    assert meanings.of_operation(each.api, each.name) == wanted, each.name\n"
        "    for parameter in each.parameters:\n"
        "        wanted = parameter.meaning and parameter.meaning.%(language)s\n"
        "        found = meanings.of_parameter(each.api, each.name, parameter.name)\n"
        "        assert found == wanted, (each.name, parameter.name)\n"
        "for schema in made.schemas:\n"
        "    for each in schema.fields:\n"
        "        if schema.form != 'where' or not each.name.startswith('_'):\n"
        "            wanted = each.meaning and each.meaning.%(language)s\n"
        "            assert meanings.of_field(schema.name, each.name) == wanted, each\n"
    )
    for language in ("en", "zh"):
        done = subprocess.run(
            [sys.executable, "-c", code % {"language": language}],
            cwd=ROOT,
            env=dict(os.environ, CLOUDTOWER_LANG=language),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
    assert sources_of(ROOT / "spec").meanings
