"""Which files are read, and what is said of those that cannot be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsync.source.files import FilesRead, read_file, read_jobs, read_paths
from jobsync.source.load import load

JOB = "id: some-job\npayload: []\nconfiguration: {}\n"


def write(directory: Path, *names: str, text: str = JOB) -> None:
    for name in names:
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def names(found: FilesRead) -> list[str]:
    return [source.file for source in found.sources]


def said(found: FilesRead) -> list[str]:
    return [f"{diagnostic.span}: {diagnostic.code}" for diagnostic in found.diagnostics]


def test_files_come_sorted_by_path_from_every_depth(tmp_path: Path) -> None:
    write(tmp_path, "jobs/b.yaml", "jobs/a/z.yml", "jobs/a.yaml", "jobs/c.job.json", "jobs/a/b/c.job.jsonc")
    write(tmp_path, "jobs/plain.json", "jobs/x.yaml.bak", "jobs/.b.yaml", "jobs/.x/c.yaml", "other/d.yaml")
    found = read_jobs(tmp_path, "jobs")
    assert names(found) == [
        "jobs/a.yaml",
        "jobs/a/b/c.job.jsonc",
        "jobs/a/z.yml",
        "jobs/b.yaml",
        "jobs/c.job.json",
    ]
    assert said(found) == ["jobs/plain.json:1:1: S007", "jobs/x.yaml.bak:1:1: S007"]


@pytest.mark.parametrize("directory", [".", "./"])
def test_the_project_itself_may_hold_the_jobs_and_jobsync_yaml_is_none(
    tmp_path: Path, directory: str
) -> None:
    write(tmp_path, "jobsync.yaml", "a.yaml", "deep/jobsync.yaml")
    assert names(read_jobs(tmp_path, directory)) == ["a.yaml", "deep/jobsync.yaml"]


def test_a_directory_may_be_written_with_a_slash(tmp_path: Path) -> None:
    write(tmp_path, "some/jobs/a.yaml")
    assert names(read_jobs(tmp_path, "some/jobs/")) == ["some/jobs/a.yaml"]


def test_a_file_that_is_linked_inside_the_project_is_read_under_the_name_of_the_link(tmp_path: Path) -> None:
    write(tmp_path, "common/a.yaml")
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs/b.yaml").symlink_to("../common/a.yaml")
    (tmp_path / "jobs/c").symlink_to("../common")
    assert names(read_jobs(tmp_path, "jobs")) == ["jobs/b.yaml", "jobs/c/a.yaml"]


def test_the_project_may_itself_be_reached_by_a_link(tmp_path: Path) -> None:
    write(tmp_path, "real/jobs/a.yaml")
    (tmp_path / "link").symlink_to("real")
    assert names(read_jobs(tmp_path / "link", "jobs")) == ["jobs/a.yaml"]
    found = read_paths(tmp_path / "link", [tmp_path / "real/jobs/a.yaml", tmp_path / "link/jobs"])
    assert names(found) == ["jobs/a.yaml"]


def test_links_that_go_round_end(tmp_path: Path) -> None:
    write(tmp_path, "jobs/a.yaml")
    (tmp_path / "jobs/up").symlink_to("..")
    (tmp_path / "jobs/here").symlink_to(".")
    found = read_jobs(tmp_path, "jobs")
    assert "jobs/a.yaml" in names(found)
    assert {code[-4:] for code in said(found)} == {"S003"}


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "jobs").mkdir()
    os.mkfifo(tmp_path / "jobs/pipe.yaml")
    assert said(read_jobs(tmp_path, "jobs")) == ["jobs/pipe.yaml:1:1: S001"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_told(tmp_path: Path) -> None:
    write(tmp_path, "jobs/a.yaml", "jobs/deep/b.yaml")
    (tmp_path / "jobs/a.yaml").chmod(0)
    (tmp_path / "jobs/deep").chmod(0)
    try:
        assert said(read_jobs(tmp_path, "jobs")) == ["jobs/a.yaml:1:1: S001", "jobs/deep:1:1: S001"]
    finally:
        (tmp_path / "jobs/deep").chmod(0o700)


def test_a_directory_named_like_a_file_is_a_directory(tmp_path: Path) -> None:
    write(tmp_path, "jobs/shop.yaml/a.yaml")
    assert names(read_jobs(tmp_path, "jobs")) == ["jobs/shop.yaml/a.yaml"]


def test_a_name_that_is_no_utf_8_can_still_be_printed(tmp_path: Path) -> None:
    (tmp_path / "jobs").mkdir()
    Path(os.fsdecode(os.fsencode(tmp_path / "jobs") + b"/\xff\x1b[2J.yaml")).write_text("- x")
    (source,) = read_jobs(tmp_path, "jobs").sources
    assert source.file == "jobs/\ufffd\ufffd[2J.yaml"


# Paths by name


def test_named_files_and_directories_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "jobsync.yaml", "jobs/a.yaml", "jobs/deep/b.yaml", "jobs/deep/c.yaml")
    monkeypatch.chdir(tmp_path)
    paths = [Path("jobs/deep"), Path("jobs/deep/b.yaml"), Path("./jobs/../jobs/a.yaml"), Path("jobsync.yaml")]
    found = read_paths(Path(), paths)
    assert names(found) == ["jobs/a.yaml", "jobs/deep/b.yaml", "jobs/deep/c.yaml"]
    assert found.diagnostics == []


def test_the_project_file_alone_needs_no_job_file(tmp_path: Path) -> None:
    write(tmp_path, "jobsync.yaml")
    assert read_paths(tmp_path, [tmp_path / "jobsync.yaml"]) == FilesRead([], [])


def test_a_name_that_is_no_job_file_is_told(tmp_path: Path) -> None:
    write(tmp_path, "project/readme.md", "project/empty/x.txt", "outside.yaml")
    project = tmp_path / "project"
    for path, expected in (
        (project / "readme.md", "readme.md:1:1: S005"),
        (project / "missing.yaml", "missing.yaml:1:1: S001"),
        (project / "missing", "missing:1:1: S001"),
        (project / "empty", ".:1:1: S005"),
        (tmp_path / "outside.yaml", "../outside.yaml:1:1: S003"),
    ):
        assert said(read_paths(project, [path])) == [expected]


def test_one_file_is_read_or_told(tmp_path: Path) -> None:
    write(tmp_path, "jobsync.yaml", text="version: 1\n")
    source, diagnostics = read_file(tmp_path, "jobsync.yaml")
    assert source is not None
    assert (source.file, source.text, diagnostics) == ("jobsync.yaml", "version: 1\n", [])
    nothing, (diagnostic,) = read_file(tmp_path, "other.yaml")
    assert (nothing, diagnostic.code) == (None, "S001")


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bytes")


@given(
    st.binary() | st.text().map(lambda text: ("\ufeff" + text).encode()),
    st.sampled_from(["a.yaml", "a.job.json"]),
)
def test_no_bytes_make_it_raise(scratch: Path, data: bytes, name: str) -> None:
    (scratch / "jobs").mkdir(exist_ok=True)
    for old in (scratch / "jobs").iterdir():
        old.unlink()
    (scratch / "jobs" / name).write_bytes(data)
    found = read_jobs(scratch, "jobs")
    result = load(found.sources)
    assert found.diagnostics or result.diagnostics or result.jobs
