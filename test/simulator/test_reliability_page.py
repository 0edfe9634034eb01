"""The sections on retries and on seeing what happens: what they show works."""

import logging
import os
import re

import blocks
import pytest
from simulated import ROOT

from cloudtower import Event, RetryPolicy
from cloudtower._doctor import rows
from cloudtower.simulator import Simulator

SECTIONS = {
    "reliability.md": ("Retries", "Seeing what happens"),
    "reliability.zh-CN.md": ("重试", "了解发生了什么"),
}
PAGES = sorted(SECTIONS)


def sections(page):
    """The text of the two sections."""
    with open(os.path.join(ROOT, "docs", page), encoding="utf-8") as stream:
        parts = re.split(r"^## (.+)\n", stream.read(), flags=re.MULTILINE)
    texts = dict(zip(parts[1::2], parts[2::2]))
    return [texts[title] for title in SECTIONS[page]]


@pytest.mark.parametrize("page", PAGES)
def test_blocks_work(page, tmp_path, capsys):
    path = tmp_path / page
    path.write_text("".join(sections(page)), encoding="utf-8")
    level = logging.getLogger("cloudtower").level
    with Simulator() as tower:
        found = blocks.read(str(path))
        assert len(found) == 3
        names = {"with_token": lambda configuration: configuration}
        try:
            blocks.run(found, tower.endpoint, names, page)
        finally:
            logging.getLogger("cloudtower").setLevel(level)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("page", PAGES)
def test_tables_are_complete(page):
    retries, seeing = sections(page)
    named = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| `.*", retries, re.MULTILINE))))
    assert set(RetryPolicy._fields) <= named
    named = set(re.findall(r"`(\w+)`", seeing))
    assert set(Event._fields) <= named
    assert {rows.UNKNOWN, rows.MISSING, rows.KIND, rows.VALUE} <= named


@pytest.mark.parametrize("page", PAGES)
def test_defaults_are_those_of_the_policy(page):
    defaults = RetryPolicy()
    retries = sections(page)[0]
    for name in ("max_attempts", "give_up_after"):
        (value,) = re.findall(r"^\| `%s` \| (\d+) \|" % name, retries, re.MULTILINE)
        assert int(value) == getattr(defaults, name)
    (statuses,) = re.findall(r"^\| `status_forcelist` \| ([^|]+) \|", retries, re.MULTILINE)
    assert set(map(int, re.findall(r"\d+", statuses))) == defaults.status_forcelist
