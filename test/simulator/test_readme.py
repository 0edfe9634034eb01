"""The READMEs: what they show works, both languages show the same, and links lead somewhere."""

import os
import re

import blocks
import pytest
from simulated import ROOT

from cloudtower import LabelApi, TaskApi, VmApi
from cloudtower.simulator import Simulator, demo
from cloudtower.utils import call_and_wait, wait_tasks

PAGES = ("README.md", "README.zh-CN.md")
_LINK = re.compile(r"\]\(([^)#]*)(#[^)]*)?\)")


def path_of(page):
    return os.path.join(ROOT, page)


def read(page):
    with open(path_of(page), encoding="utf-8") as stream:
        return stream.read()


def section(page, number):
    """The blocks of a page's second-level section, by its number; 0 is what stands before."""
    text = read(page)
    starts = [match.start() for match in re.finditer("^## ", text, re.MULTILINE)]
    bounds = [0] + starts + [len(text)]
    first, end = (text.count("\n", 0, place) + 1 for place in bounds[number : number + 2])
    return [block for block in blocks.read(path_of(page)) if first <= block[0] < end]


@pytest.fixture
def tower(monkeypatch):
    with Simulator(speed=60) as tower:
        monkeypatch.setenv("CLOUDTOWER_ENDPOINT", tower.endpoint)
        monkeypatch.setenv("CLOUDTOWER_USERNAME", tower.username)
        monkeypatch.setenv("CLOUDTOWER_PASSWORD", tower.password)
        yield tower


def run(found, tower, names, page):
    for given, real in (("your_username", tower.username), ("your_password", tower.password)):
        found = [(line, text.replace(given, real)) for line, text in found]
    return blocks.run(found, tower.endpoint, names, page)


@pytest.mark.parametrize("page", PAGES)
def test_the_safe_delete_works(page, tower):
    with tower.client() as client:
        api = VmApi(client)
        (web,) = api.get_vms({"where": {"name": "web-01"}})
        call_and_wait(api.clone_vm, [{"src_vm_id": web.id, "name": "web-1"}])
        names = run(section(page, 0), tower, {"with_token": lambda given: given}, page)
        assert [vm.name for vm in names["plan"].matches] == ["build-agent"]
        wait_tasks([task.id for task in TaskApi(client).get_tasks({})], client, interval=0.05)
        left = {vm.name for vm in api.get_vms({})}
        assert "web-01" in left and not {"build-agent", "web-1"} & left


@pytest.mark.parametrize("page", PAGES)
def test_five_jobs_work_before_and_after(page, tower):
    with tower.client() as client:
        names = {"client": client, "vm_api": VmApi(client), "with_token": lambda given: given}
        found = section(page, 4)
        assert len(found) == 5
        run(found, tower, names, page)
        assert names["running"] and names["vm"].status == "RUNNING"
        assert names["failed"] == [] and len(names["result"].succeeded) == 20
        assert len(LabelApi(client).get_labels({"where": {"key_in": ["rack", "row"]}})) == 40
        where = {"OR": [{"name_starts_with": "web-"}, {"name_starts_with": "db-"}]}
        assert {vm.status for vm in VmApi(client).get_vms({"where": where})} == {"STOPPED"}


@pytest.mark.parametrize("page", PAGES)
def test_the_use_works(page, tower):
    names = run(section(page, 5), tower, {"with_token": lambda given: given}, page)
    assert "started" in names


def test_both_languages_show_the_same():
    shown = []
    for page in PAGES:
        text = read(page)
        code = re.sub("#.*", "", "\n".join(block for _, block in blocks.read(path_of(page))))
        commands = re.sub("#.*", "", "\n".join(re.findall("```shell\n(.*?)```", text, re.DOTALL)))
        levels = re.findall("^#+ ", text, re.MULTILINE)
        rows = len(re.findall(r"^\|", text, re.MULTILINE))
        shown.append((code, commands, levels, rows))
    assert shown[0] == shown[1]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    for target, anchor in _LINK.findall(read(page)):
        if "://" in target:
            continue
        path = path_of(target or page)
        assert os.path.exists(path), target
        if anchor and path.endswith(".md"):
            with open(path, encoding="utf-8") as stream:
                titles = re.findall("^#+ (.*)", stream.read(), re.MULTILINE)
            # As GitHub makes them: lower case, spaces as hyphens, no punctuation.
            made = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
            assert anchor[1:] in made, (target, anchor)


def test_the_recording_shows_the_demo():
    recorded = read(os.path.join("docs", "demo.svg"))
    with open(demo.__file__, encoding="utf-8") as stream:
        source = stream.read()
    for title in re.findall(r'(?:step|chapter)\("(.*?)"\)|^        \("(.*?)", ', source, re.M):
        assert "".join(title) in recorded
