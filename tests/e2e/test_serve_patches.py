"""`loadline serve` keeps a patch tree in a directory and hands it out."""
import io
import pathlib
import tarfile

import world
from serving import Serve

STEPS = ["--set", "patch.formats=kustomize,json6902"]


def serving(url, tmp_path, *flags):
    return Serve(url, tmp_path / "state", "--set", f"patch.output_dir={tmp_path / 'patches'}", *STEPS, *flags)


def files_below(directory):
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in sorted(pathlib.Path(directory).rglob("*"))
            if path.is_file()}


def files_in(tar):
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive if member.isfile()}


def written(serve):
    return serve.wait_for(lambda s: s.events("patches written"))[0]


def test_the_directory_holds_what_the_command_would_write(prometheus, tmp_path):
    with serving(prometheus.url, tmp_path) as serve:
        serve.wait_ready()
        event = written(serve)
        end = serve.json("/api/v1/recommendations")["window"]["end"]
        serve.term()
    done = world.loadline("patch", "--prometheus", prometheus.url, "--now", end, "--output-dir", tmp_path / "once",
                          *STEPS)
    assert done.code in (0, 3), done.err
    tree = files_below(tmp_path / "patches")
    assert tree == files_below(tmp_path / "once")
    assert len(tree) > 6 and int(event["created"]) == len(tree) - 1  # the manifest is none of the files


def test_the_api_hands_out_the_tree_and_says_when_nothing_changed(prometheus, tmp_path):
    with serving(prometheus.url, tmp_path) as serve:
        serve.wait_ready()
        written(serve)
        status, headers, tar = serve.get("/api/v1/patches")
        assert status == 200 and headers["Content-Type"] == "application/x-tar"
        tree = files_below(tmp_path / "patches")
        assert files_in(tar) == tree
        assert serve.get("/api/v1/patches", headers={"If-None-Match": headers["ETag"]})[0] == 304
        chosen = files_in(serve.get("/api/v1/patches?format=json6902")[2])
        assert {name for name in chosen if "/" in name} == {name for name in tree if name.startswith("json6902/")}
        name = next(name for name in tree if name.startswith("kustomize/") and "/deployment-" in name)
        assert serve.get(f"/api/v1/patches?path={name}")[2] == tree[name]
        for query, code in [("path=../state/loadline.db", 404), ("path=loadline-patches.json", 404), ("format=vpa", 404),
                            ("format=tar", 400), ("format=vpa&format=vpa", 400), ("files=all", 400)]:
            assert serve.get("/api/v1/patches?" + query)[0] == code, query


def test_a_restart_changes_nothing_and_an_edited_file_is_kept_and_told(prometheus, tmp_path):
    with serving(prometheus.url, tmp_path) as serve:
        serve.wait_ready()
        written(serve)
        end = serve.json("/api/v1/recommendations")["window"]["end"]
        etag = serve.get("/api/v1/patches")[1]["ETag"]
        serve.term()
    tree = files_below(tmp_path / "patches")
    with serving(prometheus.url, tmp_path, "--log-level", "debug", "--now", end) as serve:
        event = written(serve)
        assert [event[name] for name in ("created", "updated", "removed", "kept_as_edited")] == [0, 0, 0, 0]
        assert serve.get("/api/v1/patches")[1]["ETag"] == etag
        serve.term()
    assert files_below(tmp_path / "patches") == tree
    name = next(name for name in tree if "/deployment-" in name)
    (tmp_path / "patches" / name).write_bytes(tree[name] + b"# by hand\n")
    with serving(prometheus.url, tmp_path, "--now", end) as serve:
        assert written(serve)["kept_as_edited"] == 1
        assert b"\nloadline_patch_files_edited 1\n" in serve.get("/metrics")[2]
    assert (tmp_path / "patches" / name).read_bytes().endswith(b"# by hand\n")


def test_without_a_directory_there_are_no_patches_and_the_answer_says_what_to_set(prometheus, tmp_path):
    with Serve(prometheus.url, tmp_path / "state") as serve:
        serve.wait_ready()
        status, _, body = serve.get("/api/v1/patches")
        assert status == 404 and b"patch.output_dir" in body


def test_a_directory_that_cannot_be_written_is_counted_and_the_result_stands(prometheus, tmp_path):
    (tmp_path / "patches").write_text("a file is in the way")
    with serving(prometheus.url, tmp_path) as serve:
        serve.wait_ready()
        serve.wait_for(lambda s: s.events("cannot write the patches"))
        assert b"\nloadline_patch_errors_total 1\n" in serve.get("/metrics")[2]
        assert serve.get("/api/v1/recommendations")[0] == 200
