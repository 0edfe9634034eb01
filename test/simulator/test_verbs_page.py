"""The page on everyday verbs: what it shows works, and both languages show the same."""

import os
import re

import blocks
import pytest
from simulated import ROOT

from cloudtower.simulator import Simulator

SAID = "#.*|打印的密码|the printed password|API 密钥|the API key"
PAGES = ("verbs.md", "verbs.zh-CN.md")


def read(page):
    with open(os.path.join(ROOT, "docs", page), encoding="utf-8") as stream:
        return stream.read()


def with_secrets(text, tower):
    text = re.sub("the printed password|打印的密码", tower.password, text)
    return re.sub("the API key|API 密钥", tower.basic[1], text)


@pytest.mark.parametrize("page", PAGES)
def test_blocks_work(page):
    with Simulator(speed=60) as tower:
        found = [
            (line, with_secrets(text, tower))
            for line, text in blocks.read(os.path.join(ROOT, "docs", page))
        ]
        names = blocks.run(found, tower.endpoint, {"with_token": lambda given: given}, page)
        names["client"].close()
    assert len(names["result"].succeeded) == 20 and names["result"].unknown == []
    assert [vm.status for vm in names["vms"]] == ["STOPPED", "STOPPED"]
    assert names["nobody"] is None and names["created"] and names["deleted"] == []


def test_both_languages_show_the_same():
    shown = []
    for page in PAGES:
        text = read(page)
        found = blocks.read(os.path.join(ROOT, "docs", page))
        code = [re.sub(SAID, "", block) for _, block in found]
        titles = re.findall("^## .*", text, re.MULTILINE)
        verbs = [
            re.findall(r"[a-z][a-z_]+", title.split("：")[-1].split(": ")[-1]) for title in titles
        ]
        cells = re.findall(r"^\| (`[^|]*`) \|", text, re.MULTILINE)
        shown.append((code, verbs, cells))
    assert shown[0] == shown[1]
