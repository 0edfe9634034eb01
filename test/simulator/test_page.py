"""Order and paging."""

import pytest


@pytest.fixture(scope="module")
def folders(shared):
    """Six folders a to f; by local_id: b and e share one, f has none."""
    world = shared.world
    cluster = world.first("Cluster")
    for record in list(world.all("VmFolder")):
        world.remove(record)
    for name, local_id in zip("abcdef", ("3", "2", "1", "4", "2", None)):
        world.add("VmFolder", id="id-" + name, name=name, local_id=local_id, cluster=cluster)
    return shared


def names(api, **body):
    return "".join(each["name"] for each in api.post("/get-vm-folders", body))


PAGES = [
    ({}, "abcdef"),
    ({"orderBy": "name_DESC"}, "fedcba"),
    ({"orderBy": "id_DESC"}, "fedcba"),
    ({"orderBy": None}, "abcdef"),
    # equal values by ascending id in both directions, null after all others
    ({"orderBy": "local_id_ASC"}, "cbeadf"),
    ({"orderBy": "local_id_DESC"}, "fdabec"),
    ({"first": 2}, "ab"),
    ({"first": 0}, ""),
    ({"first": 99}, "abcdef"),
    ({"last": 2}, "ef"),
    ({"last": 0}, ""),
    ({"last": 99}, "abcdef"),
    ({"skip": 4}, "ef"),
    ({"skip": 9}, ""),
    ({"first": 2, "skip": 1}, "bc"),
    ({"last": 2, "skip": 1}, "de"),
    ({"last": 2, "skip": 9}, ""),
    ({"last": 2, "orderBy": "name_DESC"}, "ba"),
    ({"after": "id-b"}, "cdef"),
    ({"before": "id-b"}, "a"),
    ({"after": "id-b", "before": "id-e"}, "cd"),
    ({"after": "id-b", "first": 2}, "cd"),
    ({"before": "id-e", "last": 2}, "cd"),
    ({"before": "id-e", "first": 2}, "ab"),
    ({"after": "id-b", "last": 2}, "ef"),
    ({"after": "id-c", "orderBy": "name_DESC"}, "ba"),
    ({"after": "id-b", "orderBy": "local_id_ASC"}, "eadf"),
    ({"after": "id-b", "orderBy": "local_id_DESC"}, "ec"),
    ({"before": "id-e", "orderBy": "local_id_ASC"}, "cb"),
    ({"after": "nope"}, ""),
    ({"before": "nope"}, ""),
    # the cursor need not match the filter
    ({"after": "id-b", "where": {"name_not": "b"}}, "cdef"),
    ({"first": 2.0}, "ab"),
    ({"first": "2"}, "ab"),
]


@pytest.mark.parametrize("body, expected", PAGES, ids=[str(row[0]) for row in PAGES])
def test_pages(folders, body, expected):
    assert names(folders, **body) == expected
    count = folders.post("/get-vm-folders-connection", body)["aggregate"]["count"]
    assert count == len(expected)


REFUSED = [
    ({"first": -1}, "3026"),
    ({"first": 2**31}, "first must be between"),
    ({"last": 2**63}, "last must be between"),
    ({"where": {"vm_num_gt": 2**63}}, "where.vm_num_gt must be between"),
    ({"last": -1}, "3027"),
    ({"skip": -1}, "3028"),
    ({"first": 2, "last": 2}, "3014"),
    ({"orderBy": "name"}, "orderBy"),
    ({"orderBy": "nope_ASC"}, "orderBy"),
    ({"first": "all"}, "first"),
]


@pytest.mark.parametrize("body, word", REFUSED, ids=[str(row[0]) for row in REFUSED])
def test_refused(shared, body, word):
    assert word in shared.refused("/get-vm-folders", body)["message"]


def test_walking_by_cursor_sees_everything_once(shared):
    seen, after = [], None
    while True:
        page = shared.post("/get-disks", {"first": 7, "after": after})
        seen.extend(each["id"] for each in page)
        if len(page) < 7:
            break
        after = page[-1]["id"]
    assert len(seen) == len(set(seen)) == 24
