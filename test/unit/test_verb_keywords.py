"""What the verbs say of keywords and methods that cannot be meant."""

import functools

import pytest
from recording_server import Reply

from cloudtower import ElfImageApi, LabelApi, TableReporterApi, VmApi
from cloudtower.exceptions import ApiTypeError
from cloudtower.utils import (
    bulk,
    call_and_wait,
    count,
    download,
    dry_run,
    get_or_create,
    iterate,
    upload,
    wait_until,
)

WHERE = {"where": {"name": "web-01"}}
LABEL = {"key": "k"}


def refusal(server, verb, *given, **options):
    sent = len(server.requests)
    with pytest.raises(ApiTypeError) as caught:
        verb(*given, **options)
    assert len(server.requests) == sent
    return str(caught.value)


def test_the_verbs_own_keywords_may_be_meant(server, client, tmpdir):
    vms, labels = VmApi(client), LabelApi(client)
    path = tmpdir.join("image.iso")
    path.write("an image")
    starts = functools.partial(call_and_wait, vms.start_vm, WHERE)
    makes = functools.partial(bulk, labels.create_label, [LABEL])
    sends = functools.partial(upload, ElfImageApi(client).create_elf_image, str(path))
    sure = functools.partial(get_or_create, labels.create_label, LABEL, ("key",))
    exports = functools.partial(
        download, TableReporterApi(client).export_csv, {"name": "vms"}, str(tmpdir)
    )
    for call, name, meant in (
        (starts, "tiemout", "timeout"),
        (starts, "on_progres", "on_progress"),
        (starts, "_lock_timeot", "_lock_timeout"),
        (starts, "_request_timout", "_request_timeout"),
        (makes, "workers", "max_workers"),
        (makes, "stop_aftr", "stop_after"),
        (makes, "batchsize", "batch_size"),
        (sends, "on_progres", "on_progress"),
        (sends, "resum", "resume"),
        (sends, "clusterid", "cluster_id"),
        (sends, "_request_timout", "_request_timeout"),
        (sure, "tiemout", "timeout"),
        (exports, "on_progres", "on_progress"),
        (functools.partial(dry_run, vms.start_vm, WHERE), "filtr", "filter"),
    ):
        text = refusal(server, call, **{name: 5})
        assert text.endswith("takes no keyword %r; did you mean %r?" % (name, meant)), text
    assert "did you mean" not in refusal(server, starts, zzzzzz=5)


@pytest.mark.parametrize("match", ["key", u"key"])
def test_match_is_several_names(server, client, match):
    text = refusal(server, get_or_create, LabelApi(client).create_label, LABEL, match)
    assert text == "match is a tuple or list of names: match=('key',)"


@pytest.mark.parametrize("match", [5, True, (), None, ""])
def test_match_is_names(server, client, match):
    text = refusal(server, get_or_create, LabelApi(client).create_label, LABEL, match)
    assert "match=(names of its members)" in text


def test_a_method_that_was_called(server, client):
    vms = VmApi(client)
    server.script([Reply(200, [{"id": "v1"}]), Reply(200, {"aggregate": {"count": 1}})])
    listed, counted = vms.get_vms({}), vms.get_vms_connection({})
    for verb in (iterate, count, wait_until, call_and_wait, dry_run):
        extra = ({},) if verb is dry_run else ()
        text = refusal(server, verb, listed, *extra)
        assert "pass the method itself, without ()" in text and "a list" in text, text
        assert "without ()" in refusal(server, verb, counted, *extra)
