"""Labels."""


def test_the_life_of_a_label(api):
    (answer,) = api.post("/create-label", [{"key": "k", "value": "v"}])
    assert answer["task_id"] is None and answer["data"]["total_num"] == 0
    label_id = answer["data"]["id"]
    body = {
        "where": {"id": label_id},
        "data": {
            "vms": {"name_starts_with": "web-"},
            "vlans": {"name": "default"},
            "hosts": {"name_contains": "node-01"},
        },
    }
    (answer,) = api.post("/add-labels-to-resources", body)
    data = answer["data"]
    assert (data["vm_num"], data["host_num"], data["vm_vlan_num"], data["total_num"]) == (
        2,
        2,
        2,
        6,
    )
    found = api.post("/get-vms", {"where": {"labels_some": {"key": "k", "value": "v"}}})
    assert [each["name"] for each in found] == ["web-01", "web-02"]
    assert {"id": label_id, "key": "k", "value": "v"} in found[0]["labels"]
    body["data"] = {"vms": {"name": "web-01"}}
    for _ in range(2):  # taking off what is not on changes nothing
        (answer,) = api.post("/remove-labels-from-resources", body)
        assert (answer["data"]["vm_num"], answer["data"]["total_num"]) == (1, 5)
    api.post("/update-label", {"where": {"id": label_id}, "data": {"value": "w"}})
    assert api.vm("web-02")["labels"][-1]["value"] == "w"
    (answer,) = api.post("/delete-label", {"where": {"id": label_id}})
    assert answer["data"] == {"id": label_id}
    assert "k" not in [each["key"] for each in api.vm("web-02")["labels"]]


def test_key_and_value_are_unique(api):
    body = [{"key": "environment", "value": "test"}]
    assert "LABEL_DUPLICATE_KEY_VALUE" in api.refused("/create-label", body)["message"]
    body = [{"key": "new"}, {"key": "new"}]
    assert "LABEL_DUPLICATE_KEY_VALUE" in api.refused("/create-label", body)["message"]
    assert api.post("/get-labels", {"where": {"key": "new"}}) == []
    body = {"where": {"value": "production"}, "data": {"value": "test"}}
    assert "LABEL_DUPLICATE_KEY_VALUE" in api.refused("/update-label", body)["message"]
    body["data"]["value"] = "production"
    assert len(api.post("/update-label", body)) == 1


def test_labels_without_match(api):
    body = {"where": {"key": "nope"}, "data": {"vms": {}}}
    assert api.post("/add-labels-to-resources", body) == []
