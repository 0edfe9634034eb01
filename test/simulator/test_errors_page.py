"""The page on errors: it has every class, and what it shows works."""

import inspect
import os
import re
from datetime import datetime

import blocks
import pytest
from simulated import ROOT

import cloudtower
from cloudtower import VmApi, active_passive_client, exceptions, network_errors
from cloudtower.simulator import Simulator
from cloudtower.utils import wait_tasks

PAGES = ("errors.md", "errors.zh-CN.md")
HOMES = (exceptions, network_errors, active_passive_client)
BASES = {"OpenApiException", "ActivePassiveException", "TaskException"}


def text_of(page):
    with open(os.path.join(ROOT, "docs", page), encoding="utf-8") as stream:
        return stream.read()


def rows(page):
    """(names of classes, status) of each row of the tables of classes."""
    for line in text_of(page).splitlines():
        cells = [each.strip() for each in line.strip("|").split("|")]
        names = re.findall(r"`([A-Z]\w+)`", cells[0])
        if line.startswith("|") and names:
            yield names, cells[1]


def classes():
    return {
        name: value
        for home in HOMES
        for name, value in vars(home).items()
        if inspect.isclass(value) and issubclass(value, Exception) and name[0] != "_"
    }


@pytest.mark.parametrize("page", PAGES)
def test_every_class_has_a_row(page):
    listed = [name for names, _ in rows(page) for name in names]
    assert len(listed) == len(set(listed))
    warnings = {name for name, value in classes().items() if issubclass(value, Warning)}
    assert set(listed) - warnings == set(classes()) - BASES - warnings
    for name in warnings | BASES - {"OpenApiException"}:
        assert "`%s`" % name in text_of(page)


def test_both_pages_say_the_same():
    english, chinese = (list(rows(page)) for page in PAGES)
    assert [names for names, _ in english] == [names for names, _ in chinese]
    for page in PAGES:
        assert re.findall(r"`[^`]+`", text_of(page))
    found = [set(re.findall(r"`([\w.]+)`", text_of(page))) for page in PAGES]
    assert found[0] == found[1]


@pytest.mark.parametrize("page", PAGES)
def test_the_attributes_exist(page):
    table = text_of(page).split("|---|---|\n")[1].split("\n\n")[0]
    names = [
        name for line in table.splitlines() for name in re.findall(r"`(\w+)`", line.split("|")[1])
    ]
    assert len(names) > 12
    error = cloudtower.ApiException(400, "no")
    assert all(hasattr(error, name) for name in names)


@pytest.mark.parametrize("page", PAGES)
def test_blocks_work(page, capsys):
    with Simulator() as tower:
        found = blocks.read(os.path.join(ROOT, "docs", page))
        assert len(found) == 3
        names = blocks.run(found, tower.endpoint, {}, page)
        client = tower.client()
        (vm,) = VmApi(client).get_vms({"where": {"name": "web-01"}})
        began = datetime.utcnow()
        names["stop"](client, vm.id)
        (done,) = names["rename"](client, vm.id, "web-one")
        wait_tasks([done.task_id], client, interval=0.05)
        tasks, logs = names["traces"](client, vm.id, began)
        assert done.task_id in [each.id for each in tasks]
        assert isinstance(logs, list)
        assert names["created"](client, "web-one").id == vm.id
        assert names["created"](client, "nobody") is None
        client.close()
    assert capsys.readouterr().out == ""
