"""The READMEs: what they show works. The links of all pages lead somewhere."""

import glob
import os
import re

import blocks
import pytest
from simulated import ROOT

from cloudtower import ApiClient, LabelApi, ReadOnlyError, TaskApi, VmApi
from cloudtower.simulator import Simulator, demo
from cloudtower.utils import wait_tasks

PAGES = ("README.md", "README.zh-CN.md")
#: every page that is written by hand
LINKING = [
    os.path.relpath(path, ROOT)
    for folder in ("", "bench", "docs", "examples", "spec")
    for path in sorted(glob.glob(os.path.join(ROOT, folder, "*.md")))
]
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


@pytest.mark.parametrize("page", LINKING)
def test_links_lead_somewhere(page):
    for target, anchor in _LINK.findall(
        re.sub("```.*?```|`[^`\n]*`", "", read(page), flags=re.DOTALL)
    ):
        if "://" in target:
            continue
        path = os.path.join(os.path.dirname(path_of(page)), target) if target else path_of(page)
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
