import logging

import pytest
from recording_server import RecordingServer, Reply

from cloudtower import ApiClient, Configuration, ContentLibraryImage, ElfImage, utils
from cloudtower.exceptions import ForbiddenException
from cloudtower.image_utils import (
    get_content_library_image_by_upload_task,
    get_elf_image_by_upload_task,
    get_svt_image_version,
)

WHERE = {"where": {"id_in": ["u1", "u2"]}}


def upload(id, args, kind="CONTENT_LIBRARY_IMAGE", status="SUCCESSED"):
    return {"id": id, "args": args, "resource_type": kind, "status": status}


def elf(id, args, **kwargs):
    return upload(id, args, "ELF_IMAGE", **kwargs)


class Tower(object):
    """A server that knows upload tasks, and answers a query for images by its filter."""

    def __init__(self):
        self.tasks = []
        self.images = lambda where: []
        self.queries = []
        self.server = RecordingServer(handler=self._answer)
        self.client = ApiClient(Configuration(host=self.server.url + "/v2/api"))

    def _answer(self, request):
        operation = request.path.rpartition("/")[2]
        if operation == "get-upload-tasks":
            assert request.json() == WHERE
            return Reply(200, self.tasks)
        self.queries.append((operation, request.json()))
        answer = self.images(request.json()["where"])
        return answer if isinstance(answer, Reply) else Reply(200, answer)


@pytest.fixture
def tower():
    tower = Tower()
    with tower.server:
        yield tower


# ---- content library images ----------------------------------------------------


def test_an_image_is_found_by_the_elf_image_that_the_task_names(tower):
    tower.tasks = [upload("u1", {"uploadElfImageLocalIds": ["l1"]})]
    tower.images = lambda where: [{"id": "i1"}, {"id": "i2"}]
    found = get_content_library_image_by_upload_task(tower.client, WHERE)
    assert list(found) == ["u1"]
    assert isinstance(found["u1"], ContentLibraryImage)
    assert found["u1"].id == "i1"
    assert tower.queries == [
        ("get-content-library-images", {"where": {"elf_images_some": {"local_id": "l1"}}})
    ]


def test_an_image_is_found_by_the_volume_that_the_task_names(tower):
    tower.tasks = [upload("u1", {"uploadIscsiLunZbsVolumeIds": ["z1"]})]
    tower.images = lambda where: [{"id": "i1"}]
    assert get_content_library_image_by_upload_task(tower.client, WHERE)["u1"].id == "i1"
    assert tower.queries == [
        ("get-content-library-images", {"where": {"iscsi_luns_some": {"zbs_volume_id": "z1"}}})
    ]


def test_the_elf_image_goes_before_the_volume(tower):
    ids = {"uploadElfImageLocalIds": ["l1"], "uploadIscsiLunZbsVolumeIds": ["z1"]}
    tower.tasks = [upload("u1", ids)]
    get_content_library_image_by_upload_task(tower.client, WHERE)
    assert [list(query["where"]) for _, query in tower.queries] == [["elf_images_some"]]


def test_any_of_several_ids_leads_to_the_image(tower):
    tower.tasks = [
        upload("u1", {"uploadElfImageLocalIds": ["l1", None, "l2"]}),
        upload("u2", {"uploadElfImageLocalIds": [], "uploadIscsiLunZbsVolumeIds": ["z1", "z2"]}),
    ]
    get_content_library_image_by_upload_task(tower.client, WHERE)
    wheres = sorted([query["where"] for _, query in tower.queries], key=str)
    assert wheres == [
        {"elf_images_some": {"local_id_in": ["l1", "l2"]}},
        {"iscsi_luns_some": {"zbs_volume_id_in": ["z1", "z2"]}},
    ]


def test_each_task_gets_its_own_image_or_none(tower):
    tower.tasks = [upload("u%d" % i, {"uploadElfImageLocalIds": ["l%d" % i]}) for i in range(25)]

    def images(where):
        id = where["elf_images_some"]["local_id"]
        return [] if id == "l3" else [{"id": id}]

    tower.images = images
    found = get_content_library_image_by_upload_task(tower.client, WHERE)
    assert len(found) == 25
    assert found.pop("u3") is None
    assert all(image.id == "l" + task[1:] for task, image in found.items())


def test_other_tasks_are_left_out_with_a_warning(tower, caplog):
    tower.tasks = [
        upload("u1", {}, status="FAILED"),
        upload("u2", {}, kind="ELF_IMAGE"),
        upload("u3", {"uploadElfImageLocalIds": ["l3"]}),
    ]
    with caplog.at_level(logging.WARNING, "cloudtower.image_utils"):
        found = get_content_library_image_by_upload_task(tower.client, WHERE)
    assert found == {"u3": None}
    assert [record.getMessage() for record in caplog.records] == [
        "upload task u1's status is FAILED but not success",
        "upload task u2's type is ELF_IMAGE but not CONTENT_LIBRARY_IMAGE",
    ]


@pytest.mark.parametrize(
    "args",
    [
        {},
        None,
        "text",
        ["l1"],
        {"uploadElfImageLocalIds": None},
        {"uploadElfImageLocalIds": []},
        {"uploadElfImageLocalIds": "l1"},
        {"uploadIscsiLunZbsVolumeIds": [None]},
    ],
)
def test_a_task_that_does_not_tell_its_image_is_left_out(tower, caplog, args):
    tower.tasks = [upload("u1", args)]
    with caplog.at_level(logging.WARNING, "cloudtower.image_utils"):
        assert get_content_library_image_by_upload_task(tower.client, WHERE) == {}
    assert tower.queries == []
    assert "u1 does not say which image it created" in caplog.text


def test_a_query_that_fails_is_raised(tower):
    tower.tasks = [upload("u1", {"uploadElfImageLocalIds": ["l1"]})]
    tower.images = lambda where: Reply(403, {"message": "no"})
    with pytest.raises(ForbiddenException):
        get_content_library_image_by_upload_task(tower.client, WHERE)


# ---- images of clusters --------------------------------------------------------


def test_an_elf_image_is_found_by_the_uuid_of_the_task(tower):
    tower.tasks = [
        elf("u1", {"attributes": {"uuid": "l1"}}),
        elf("u2", {"attributes": {"uuid": "l2"}}),
    ]
    tower.images = lambda where: [{"id": "i1"}] if where["local_id"] == "l1" else []
    found = get_elf_image_by_upload_task(tower.client, WHERE)
    assert isinstance(found["u1"], ElfImage)
    assert (found["u1"].id, found["u2"]) == ("i1", None)
    assert sorted(query["where"]["local_id"] for _, query in tower.queries) == ["l1", "l2"]
    assert set(operation for operation, _ in tower.queries) == set(["get-elf-images"])


@pytest.mark.parametrize(
    "args", [None, {}, "text", {"attributes": None}, {"attributes": []}, {"attributes": {}}]
)
def test_an_elf_task_that_does_not_tell_its_image_is_left_out(tower, caplog, args):
    tower.tasks = [elf("u1", args), elf("u2", {}, status="EXECUTING"), upload("u3", {})]
    with caplog.at_level(logging.WARNING, "cloudtower.image_utils"):
        assert get_elf_image_by_upload_task(tower.client, WHERE) == {}
    assert tower.queries == []
    assert [record.getMessage() for record in caplog.records] == [
        "upload task u2's status is EXECUTING but not success",
        "upload task u3's type is CONTENT_LIBRARY_IMAGE but not ELF_IMAGE",
        "upload task u1 does not say which image it created",
    ]


def test_the_version_helper_is_here_too():
    assert get_svt_image_version is utils.get_svt_image_version
