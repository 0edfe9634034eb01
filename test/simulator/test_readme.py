"""The READMEs: what they show works, both languages show the same, and links lead somewhere."""

import os
import re

import blocks
import pytest
from simulated import ROOT

from cloudtower import ApiClient, LabelApi, ReadOnlyError, TaskApi, VmApi
from cloudtower.simulator import Simulator, demo
from cloudtower.utils import wait_tasks

PAGES = ("README.md", "README.zh-CN.md")
_LINK = re.compile(r"\]\(([^)#]*)(#[^)]*)?\)")


def path_of(page):
    return os.path.join(ROOT, page)


def read(page):
    with open(path_of(page), encoding="utf-8") as stream:
        return stream.read()


@pytest.fixture
def tower(monkeypatch):
    with Simulator(speed=60) as tower:
        monkeypatch.setenv("CLOUDTOWER_ENDPOINT", tower.endpoint)
        monkeypatch.setenv("CLOUDTOWER_USERNAME", tower.username)
        monkeypatch.setenv("CLOUDTOWER_PASSWORD", tower.password)
        yield tower


@pytest.mark.parametrize("page", PAGES)
def test_its_blocks_work_from_top_to_bottom(page, tower, capsys):
    found = [
        (line, text.replace("your_username", tower.username).replace("your_password", tower.password))
        for line, text in blocks.read(path_of(page))
    ]  # fmt: skip
    names = blocks.run(found, tower.endpoint, {"with_token": lambda given: given}, page)
    assert [vm.name for vm in names["plan"].matches] == ["build-agent"]
    assert names["running"] and names["vm"].status == "RUNNING" and len(names["started"]) == 2
    assert names["failed"] == [] and len(names["result"].succeeded) == 20
    with pytest.raises(ReadOnlyError):
        LabelApi(ApiClient(names["reports"])).create_label([{"key": "no"}])
    # What the page says that an error prints.
    (said,) = re.findall(r"error\.code\)  # (.*)", read(page))
    assert "\n%s\n" % said in capsys.readouterr().out
    with tower.client() as client:
        wait_tasks([task.id for task in TaskApi(client).get_tasks({})], client, interval=0.05)
        assert len(LabelApi(client).get_labels({"where": {"key_in": ["rack", "row"]}})) == 40
        left = {vm.name: vm.status for vm in VmApi(client).get_vms({})}
        assert not {"build-agent", "empty-vm"} & set(left)
        # The "five jobs" have stopped all three, "Use" has started two of them.
        assert (left["web-01"], left["web-02"], left["db-01"]) == ("RUNNING", "RUNNING", "STOPPED")


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
