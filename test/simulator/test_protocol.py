"""What goes around the operations: uploads, the feed of changes, metrics, nodes, TLS, gzip."""

import base64
import gzip
import http.client
import json
from urllib.parse import urlsplit

import pytest

MIB = 2**20


def form(fields, content):
    """(body, headers) of a form with a file."""
    parts = [
        '--b\r\ncontent-disposition: form-data; name="%s"\r\n\r\n%s' % each
        for each in fields.items()
    ]
    head = '--b\r\ncontent-disposition: form-data; name="file"; filename="f.iso"\r\n\r\n'
    raw = "\r\n".join(parts + [head]).encode() + content + b"\r\n--b--\r\n"
    return raw, {"content-type": "multipart/form-data; boundary=b"}


def upload(api, path, fields, content):
    raw, headers = form(fields, content)
    return api.send("POST", path, raw=raw, headers=headers)


_CLUSTERS = json.dumps({"name_starts_with": "cluster"})


@pytest.mark.parametrize(
    "path, more",
    [
        ("/upload-content-library-image", {"clusters": _CLUSTERS}),
        ("/upload-elf-image", {"cluster_id": "?"}),
        ("/upload-svt-image", {"cluster_id": "?", "version": "3.2.1"}),
        ("/upload-elf-file", {"cluster_id": "?"}),
        ("/upload-cloudtower-application-package", {}),
    ],
)
def test_uploads(api, path, more):
    if "cluster_id" in more:
        more = dict(more, cluster_id=api.one("/get-clusters", name="cluster-01")["id"])
    first = upload(api, path, dict(more, name="f-1.2.iso", size="5"), b"ab\n").body
    (task,) = first if isinstance(first, list) else [first]
    assert isinstance(first, list) == (path != "/upload-elf-file")
    assert (task["status"], task["current_chunk"], task["size"]) == ("UPLOADING", 1, 5)
    more = {"upload_task_id": task["id"]}
    assert upload(api, path, more, b"too long").status == 400
    assert upload(api, path, more, b"\r\n").status == 200
    task = api.one("/get-upload-tasks", id=task["id"])
    assert (task["status"], task["current_chunk"]) == ("SUCCESSED", 2) and task["finished_at"]
    assert "UPLOAD_TASK_FINISHED" in upload(api, path, more, b"x").body["message"]
    args = task["args"]
    if path == "/upload-content-library-image":
        where = {"elf_images_some": {"local_id_in": args["uploadElfImageLocalIds"]}}
        (image,) = api.post("/get-content-library-images", {"where": where})
        assert len(image["clusters"]) == 2 and image["size"] == 5
    elif path in ("/upload-elf-image", "/upload-svt-image"):
        lists = {"/upload-elf-image": "/get-elf-images", "/upload-svt-image": "/get-svt-images"}
        assert api.one(lists[path], local_id=args["attributes"]["uuid"])["name"] == "f-1.2.iso"
    elif path == "/upload-cloudtower-application-package":
        package = api.one("/get-cloudtower-application-packages", id=args["attributes"]["id"])
        assert package["version"] == "1.2"


@pytest.mark.parametrize(
    "fields, problem",
    [
        ({}, "CLUSTER_NOT_FOUND"),
        ({"cluster_id": "?", "size": "much"}, "size"),
        ({"upload_task_id": "nope"}, "UPLOAD_TASK_NOT_FOUND"),
    ],
)
def test_bad_uploads(api, fields, problem):
    if "cluster_id" in fields:
        fields = dict(fields, cluster_id=api.one("/get-clusters", name="cluster-01")["id"])
    assert problem in upload(api, "/upload-elf-image", fields, b"x").body["message"]
    answer = api.send("POST", "/upload-elf-image", {"file": "x"})
    assert answer.status == 400 and "INVALID_FORM" in answer.body["message"]


def test_an_upload_that_is_cancelled(api):
    cluster = api.one("/get-clusters", name="cluster-01")["id"]
    fields = {"cluster_id": cluster, "size": "9"}
    (task,) = upload(api, "/upload-elf-image", fields, b"x").body
    assert api.post("/cancel-upload-task", {"where": {"id": task["id"]}}) == [task["id"]]
    again = upload(api, "/upload-elf-image", {"upload_task_id": task["id"]}, b"x")
    assert again.status == 400


def test_parsing_an_ovf(api):
    cluster = api.one("/get-clusters", name="cluster-01")["id"]
    text = (
        b'<VirtualSystem ovf:id="shop"><Item><rasd:ResourceType>3</rasd:ResourceType>'
        b"<rasd:VirtualQuantity>4</rasd:VirtualQuantity></Item></VirtualSystem>"
    )
    parsed = upload(api, "/parse-ovf", {"cluster_id": cluster}, text).body
    assert (parsed["name"], parsed["vcpu"]) == ("shop", 4)


# ---- the feed of changes ----------------------------------------------------


def changes(api, query="", credentials=None, status=200):
    name, password = credentials or api.simulator.basic
    basic = base64.b64encode(("%s:%s" % (name, password)).encode()).decode()
    headers = {"authorization": "Basic " + basic}
    answer = api.send("GET", "/resource-changes" + query, headers=headers)
    assert answer.status == status, answer.body
    return answer.body


def test_changes_need_their_own_credentials(api):
    for credentials in (("root", api.simulator.password), ("api", "wrong")):
        assert "PERMISSION_DENIED" in changes(api, credentials=credentials, status=401)["message"]
    assert api.send("GET", "/resource-changes").status == 401


def test_changes(api):
    start = changes(api)
    assert start["data"] == [] and start["currentRevision"] == start["compactRevision"]
    vm = api.vm("web-01")
    label = api.post("/create-label", [{"key": "feed"}])[0]["data"]
    api.post("/add-labels-to-resources", {"where": {"id": label["id"]}, "data": {"vms": {"id": vm["id"]}}})  # fmt: skip
    api.post("/delete-label", {"where": {"id": label["id"]}})
    query = "?start_revision=%s&limit=1000" % start["currentRevision"]
    events = changes(api, query + "&resource_type=Label,_LabelToVm")["data"]
    labels = [each for each in events if each["resource_type"] == "Label"]
    assert labels[0]["action"] == "INSERT" and "old_value" not in labels[0]
    assert json.loads(labels[0]["new_value"])["key"] == "feed"
    assert labels[-1]["action"] == "DELETE" and labels[-1]["resource_id"] == label["id"]
    joined = [each for each in events if each["resource_type"] == "_LabelToVm"]
    assert [each["action"] for each in joined] == ["INSERT", "DELETE"]
    assert json.loads(joined[0]["new_value"]) == {"A": label["id"], "B": vm["id"]}
    numbers = [int(each["revision"]) for each in changes(api, query)["data"]]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert str(numbers[-1]) == changes(api)["currentRevision"]
    (one,) = changes(api, query + "&action=INSERT&resource_id=" + label["id"])["data"]
    assert one == labels[0]
    assert len(changes(api, query.replace("1000", "2"))["data"]) == 2
    changes(api, "?limit=1001", status=400)


def test_compaction(api):
    start = changes(api)["currentRevision"]
    api.post("/create-label", [{"key": "compacted"}])
    assert changes(api, "?start_revision=" + start)["data"]
    compacted = api.send("POST", "/simulator/compact").body["compactRevision"]
    answer = changes(api, "?start_revision=" + start)
    assert answer["compactRevision"] == compacted == answer["currentRevision"] > start
    assert answer["data"] == []


# ---- metrics ----------------------------------------------------------------


def test_metrics(shared):
    vm = shared.vm("web-01")
    body = {
        "vms": {"cluster": {"name": "cluster-01"}},
        "metrics": ["elf_vm_cpu_overall_usage_percent", "no_such_metric"],
        "range": "24h",
    }
    known, unknown = shared.post("/get-vm-metrics", body)
    assert unknown["data"]["sample_streams"] == [] and unknown["task_id"] is None
    data = known["data"]
    assert data["unit"] == "PERCENT" and len(data["sample_streams"]) == 4
    labels = [each["labels"]["_vm"] for each in data["sample_streams"]]
    assert vm["local_id"] in labels
    points = data["sample_streams"][0]["points"]
    assert points[1]["t"] - points[0]["t"] == data["step"] * 1000
    values = [each["v"] for each in points]
    assert 0 <= min(values) < max(values) <= 100
    assert shared.post("/get-vm-metrics", body)[0] == known
    for empty in ("72h", "soon", ""):
        answer, _ = shared.post("/get-vm-metrics", dict(body, range=empty))
        assert answer["data"]["sample_streams"] == []


@pytest.mark.parametrize(
    "path, name, is_known",
    [
        ("/get-vm-metrics", "elf_vm_cpu_overal_usage_percent", False),
        ("/get-vm-metrics", "elf_vm_cpu", False),
        ("/get-host-metrics", "host_memory_used_byte", False),
        ("/get-host-metrics", "host_memory_used_bytes", True),
        ("/get-host-metrics", "zbs_chunk_anything", True),  # no public client says which there are
        ("/get-cluster-metrics", "cluster_cpu_usage", False),
        ("/get-cluster-metrics", "elf_cluster_vcpus_provisioned", True),
        ("/get-top-n-metrics-in-clusters", "elf_cluster_memory_provisioned_bytes", True),
        ("/get-top-n-metrics-in-clusters", "elf_vm_cpu", False),
        ("/get-top-n-metrics-in-clusters", "nonsense", False),
    ],
)
def test_a_mistyped_metric_is_empty(shared, path, name, is_known):
    member = path.split("-")[1] + "s" if "top-n" not in path else "clusters"
    body = {member: {}, "metrics": [name], "range": "5m", "n": 3, "type": "top"}
    (found,) = shared.post(path, body)
    data = found["data"]
    assert bool(data.get("sample_streams") or data.get("samples")) == is_known


@pytest.mark.parametrize(
    "path, name, unit, least, most",
    [
        ("/get-cluster-metrics", "zbs_cluster_data_space_use_rate", "PERCENT", 0, 100),
        ("/get-cluster-metrics", "zbs_cluster_read_cache_hit_ratio", "RATIO", 0, 1),
        ("/get-host-metrics", "host_network_ping_time_ns", "TIME", 0, 1e9),
        ("/get-host-metrics", "host_power_is_on", "COUNT", 1, 1),
        ("/get-host-service-metrics", "host_service_is_running", "COUNT", 1, 1),
    ],
)
def test_values_are_what_the_name_says(shared, path, name, unit, least, most):
    member = path.split("-")[1] + "s"
    body = {member: {}, "metrics": [name], "range": "7d", "services": []}
    data = shared.post(path, body)[0]["data"]
    values = [point["v"] for stream in data["sample_streams"] for point in stream["points"]]
    assert data["unit"] == unit and least <= min(values) <= max(values) <= most


def test_a_vm_has_a_series_for_each_nic(shared):
    body = {"vms": {"name": "db-01"}, "range": "5m"}
    body["metrics"] = ["elf_vm_network_receive_speed_bitps"]
    streams = shared.post("/get-vm-network-metrics", body)[0]["data"]["sample_streams"]
    cards = shared.post("/get-vm-nics", {"where": {"vm": {"name": "db-01"}}})
    macs = sorted(card["mac_address"] for card in cards)
    assert len(macs) == 2 and sorted(stream["labels"]["_mac"] for stream in streams) == macs
    assert {stream["labels"]["_vm"] for stream in streams} == {shared.vm("db-01")["local_id"]}
    assert streams[0]["points"] != streams[1]["points"]


def test_top_metrics(shared):
    body = {"clusters": {}, "metrics": ["elf_vm_memory_usage_percent"], "n": 3, "range": "5m"}
    (highest,) = shared.post("/get-top-n-metrics-in-clusters", dict(body, type="top"))
    values = [each["point"]["v"] for each in highest["data"]["samples"]]
    assert len(values) == 3 and values == sorted(values, reverse=True)
    (lowest,) = shared.post("/get-top-n-metrics-in-clusters", dict(body, type="bottom"))
    assert lowest["data"]["samples"][0]["point"]["v"] < values[0]


# ---- the connection ----------------------------------------------------------


def test_gzip(shared):
    shared._connection.request(
        "POST",
        shared._prefix + "/get-vms",
        b"{}",
        {"authorization": shared.token, "accept-encoding": "gzip"},
    )
    response = shared._connection.getresponse()
    assert response.headers["content-encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(response.read()))) == 7
    assert shared.send("POST", "/get-vms", {}).headers["content-encoding"] is None


def test_another_tower_may_be_named(shared):
    headers = {"external-cloudtower-id": "x"}
    assert shared.send("POST", "/get-vms", {}, headers=headers).status == 200


def test_languages(shared):
    body = {"where": {"ended": False, "severity": "CRITICAL"}}
    said = {
        language: shared.post("/get-alerts", body, headers={"content-language": language})[0]
        for language in ("en-US", "zh-CN", "*")
    }
    texts = json.loads(said["*"]["message"])
    assert texts == {name: said[name]["message"] for name in ("en-US", "zh-CN")}
    assert (
        shared.send("POST", "/get-alerts", body, headers={"content-language": "fr"}).status == 400
    )


def test_a_pair_fails_over():
    from cloudtower import VmApi
    from cloudtower.active_passive_client import ActivePassiveApiClient
    from cloudtower.simulator import Simulator
    from cloudtower.utils import login

    with Simulator(pair=True) as tower:
        nodes = [each[: -len("/v2/api")] for each in tower.endpoints]
        client = ActivePassiveApiClient(list(nodes))
        login(client, tower.username, tower.password)
        assert len(VmApi(client).get_vms({})) == 7
        assert client.active_client().configuration.host == tower.endpoint
        before = tower.endpoint
        assert tower.failover() == tower.endpoint != before
        assert len(VmApi(client).get_vms({})) == 7
        assert client.active_client().configuration.host == tower.endpoint
        client.close()


def test_both_nodes_take_admin_requests():
    from cloudtower.simulator import Simulator

    with Simulator(pair=True) as tower:
        nodes = list(tower.endpoints)
        url = urlsplit(nodes[0])
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=20)
        headers = {"authorization": tower.admin_token}
        for active in (nodes[1], nodes[0], nodes[1]):  # the node that is asked is passive by turns
            connection.request("POST", "/simulator/failover", headers=headers)
            response = connection.getresponse()
            assert response.status == 200
            assert json.loads(response.read()) == {"active": active}
        connection.request("POST", url.path + "/get-vms", headers=headers)
        assert connection.getresponse().status == 307
        connection.close()


def test_tls():
    pytest.importorskip("trustme")
    from cloudtower import ApiClient, ApiException, Configuration, VmApi
    from cloudtower.simulator import Simulator

    with Simulator(tls=True) as tower:
        assert tower.endpoint.startswith("https://")
        assert len(VmApi(tower.client()).get_vms({})) == 7
        client = ApiClient(Configuration(host=tower.endpoint))
        with pytest.raises(ApiException) as caught:
            VmApi(client).get_vms({}, _request_timeout=5)
        assert caught.value.status == 0
        client.close()
