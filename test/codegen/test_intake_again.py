"""`python -m codegen intake` of a document that has been taken in before, whole or in part."""

from renewed import NEW

INTERRUPTED = "codegen: interrupted; the same command again does what is missing\n"
SCRIPT = "open(__file__[:-len('refresh_signatures.py')] + 'signatures.txt', 'w').write('new')\n"
STOP = "import os, signal, time\nos.kill(os.getppid(), signal.SIGINT)\ntime.sleep(60)\n"


def with_script(repository, text):
    """Replace the program that writes `signatures.txt`."""
    folder = repository.folder / "test/typing"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "refresh_signatures.py").write_text(text, encoding="utf-8")
    return folder / "signatures.txt"


def test_taken_in_again_it_changes_nothing(taken_in):
    repository, _ = taken_in
    before = repository.content()
    done = repository.run(*repository.command("4.10.0"))
    assert done.returncode == 0 and "nothing changes" in done.stdout
    assert repository.content() == before


def test_an_interrupt_leaves_what_the_same_command_completes(repository):
    signatures = with_script(repository, STOP)
    done = repository.intake(NEW)
    assert (done.returncode, done.stderr) == (130, INTERRUPTED)
    with_script(repository, SCRIPT)
    told = "written, as they were stale:\n  test/typing/signatures.txt\n"
    assert repository.run(*repository.command("4.10.0")).stdout.endswith(told)
    assert signatures.read_text(encoding="utf-8") == "new"
    assert "nothing changes" in repository.run(*repository.command("4.10.0")).stdout


def test_stale_generated_files_are_written_again(repository):
    assert repository.intake(NEW).returncode == 0
    before = repository.content()
    (repository.folder / "cloudtower/api/part_api.py").unlink()
    done = repository.run(*repository.command("4.10.0"))
    assert done.returncode == 0 and "  cloudtower/api/part_api.py\n" in done.stdout
    assert repository.content() == before


def test_a_list_that_cannot_be_written_is_named_with_the_reason(repository):
    with_script(repository, "raise ValueError('no such stub')\n")
    told = "codegen: run it again: python test/typing/refresh_signatures.py"
    told += " (ValueError: no such stub)\n"
    assert told in repository.intake(NEW).stderr
    done = repository.run(*repository.command("4.10.0"))
    assert done.returncode == 1 and done.stderr == told and "nothing changes" not in done.stdout
