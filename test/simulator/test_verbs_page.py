"""The page on everyday verbs: what it shows works."""

import os
import re

import blocks
import pytest
from simulated import ROOT

from cloudtower.simulator import Simulator

PAGES = ("verbs.md", "verbs.zh-CN.md")


def with_secrets(text, tower):
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
