"""`loadline patch` against a real Prometheus: what it writes, keeps, removes and says."""
import hashlib
import json
import subprocess

import pytest
import yaml

import world
from patching import FORMATS, Patcher, files, stamps

ALL = [argument for name in FORMATS for argument in ("--format", name)]
MAPPING = """
- {namespace: shop, workload: catalog, release: shop, path: catalog.resources}
- {namespace: shop, workload: Deployment/pricing, release: shop, path: pricing.resources}
"""


@pytest.fixture(scope="module")
def patcher(prometheus):
    return Patcher(prometheus.url)


@pytest.fixture(scope="module")
def mapping(tmp_path_factory):
    path = tmp_path_factory.mktemp("mapping") / "mapping.yaml"
    path.write_text(MAPPING)
    return ["--helm-mapping", str(path)]


@pytest.fixture(scope="module")
def written(patcher, mapping, tmp_path_factory):
    """The tree of a first run; never changed by a test."""
    directory = tmp_path_factory.mktemp("patch") / "tree"
    done = patcher.patch(directory, *ALL, *mapping)
    assert done.code == 0, done.err
    assert done.out == ""
    assert " created, 0 updated, 0 removed, 0 kept as edited by hand, 0 unchanged" in done.err
    return directory


@pytest.fixture
def tree(written, tmp_path):
    """A copy of it to play with."""
    directory = tmp_path / "tree"
    subprocess.run(["cp", "-a", written, directory], check=True)
    return directory


@pytest.fixture
def again(patcher, mapping, tree):
    """again(...): another run on the copy."""
    return lambda *more: patcher.patch(tree, *ALL, *mapping, *more)


def test_every_format_has_its_folder_and_no_trace_is_left(written):
    assert {path.split("/")[0] for path in files(written)} == {*FORMATS, "loadline-patches.json"}


def test_the_values_are_those_of_the_report(written, patcher):
    rows = {world.identity(row): row for row in patcher.report()}
    manifest = json.loads((written / "loadline-patches.json").read_text())
    changed = {key for key, row in rows.items() if row["verdict"] == "change"}
    assert manifest["schema"] == "loadline/patches.v1"
    written_keys = set()
    for entry in manifest["values"]:
        key = world.identity(entry)
        written_keys.add(key)
        for resource, unit in (("cpu", "cores"), ("memory", "bytes")):
            if resource not in entry:
                continue
            for name in ("request", "limit"):
                value = entry[resource][f"{name}_{unit}"]
                row = rows[key][resource]
                known = [row["recommended"][f"{name}_{unit}"], row["current"][f"{name}_{unit}"]]
                # A value inside the dead band stays as it is today; one that falls waits for the
                # days before, which may have asked for more.
                assert value in known or value > known[0], (key, resource, name, value, known)
    assert written_keys <= changed
    assert len(written_keys) > len(changed) / 2
    assert not any(rows[key]["owner_inferred"] for key in written_keys)


def test_a_kustomize_patch_says_the_values_of_the_manifest(written):
    entries = json.loads((written / "loadline-patches.json").read_text())["values"]
    pricing = [entry for entry in entries if entry["workload"] == "pricing"]
    patch = yaml.safe_load((written / "kustomize/shop/deployment-pricing.yaml").read_text())
    containers = patch["spec"]["template"]["spec"]["containers"]
    assert [container["name"] for container in containers] == [e["container"] for e in pricing]
    for container, entry in zip(containers, pricing):
        memory = container["resources"]["requests"]["memory"]
        size = int(memory[:-2]) * {"Mi": 2**20, "Gi": 2**30}[memory[-2:]]
        assert size == entry["memory"]["request_bytes"]


def test_a_second_run_touches_nothing(again, tree):
    before = stamps(tree)
    done = again()
    assert done.code == 0, done.err
    assert done.out == ""
    assert "0 created, 0 updated, 0 removed" in done.err
    assert stamps(tree) == before


def test_another_machine_writes_the_same_bytes(written, patcher, mapping, tmp_path):
    assert patcher.patch(tmp_path / "other", *ALL, *mapping, "--concurrency", 1).code == 0
    assert files(tmp_path / "other") == files(written)


def test_a_dry_run_touches_nothing(patcher, tmp_path):
    done = patcher.patch(tmp_path / "tree", "--dry-run")
    assert done.code == 0 and done.out == ""
    assert " to create, 0 to update" in done.err
    assert not (tmp_path / "tree").exists()


def test_the_exit_code_says_whether_anything_would_change(patcher, again, tmp_path):
    assert patcher.patch(tmp_path / "new", "--dry-run", "--exit-code").code == 1
    done = again("--diff", "--exit-code")
    assert (done.code, done.out) == (0, "")


def older(tree):
    """Makes an old tree of a new one: a file less, a file more, a file that says something else, and
    a manifest that knows of it."""
    manifest = json.loads((tree / "loadline-patches.json").read_text())
    names = sorted(name for name in manifest["files"] if name.startswith("kustomize/shop/"))
    (tree / names[0]).unlink()
    del manifest["files"][names[0]]
    for name, text in ((names[1], "# an older one\n"), ("kustomize/shop/deployment-gone.yaml", "a: 1\nb: 2\n")):
        (tree / name).write_text(text)
        manifest["files"][name] = hashlib.sha256(text.encode()).hexdigest()
    (tree / "loadline-patches.json").write_text(json.dumps(manifest))
    return names[:2]


@pytest.mark.parametrize("tool", [["git", "apply", "--whitespace=nowarn"], ["patch", "-s", "-p1", "-i"]],
                         ids=lambda tool: tool[0])
def test_the_diff_applies(again, tree, written, tool, tmp_path):
    older(tree)
    before = stamps(tree)
    done = again("--diff")
    assert done.code == 0, done.err
    assert stamps(tree) == before
    assert "--- /dev/null" in done.out and "+++ /dev/null" in done.out
    diff = tmp_path / "the.diff"
    diff.write_text(done.out)
    subprocess.run([*tool, diff], cwd=tree, check=True)
    after, wanted = files(tree), files(written)
    for one in (after, wanted):
        one.pop("loadline-patches.json")
    assert after == wanted
    # What a hand applied is what would have been written: no edit.
    assert again().code == 0
    assert files(tree) == files(written)


def test_changes_are_made_and_counted(again, tree, written):
    older(tree)
    done = again()
    assert done.code == 0
    assert "1 created, 1 updated, 1 removed, 0 kept" in done.err
    assert files(tree) == files(written)


def test_a_file_edited_by_hand_is_kept_until_forced(again, tree, written):
    edited = tree / "kustomize/shop/deployment-pricing.yaml"
    edited.write_text("# mine\n")
    for _ in range(2):
        done = again()
        assert done.code == 3
        assert "kustomize/shop/deployment-pricing.yaml is not as loadline wrote it and is kept" in done.err
        assert edited.read_text() == "# mine\n"
    assert again("--diff").out == ""
    assert again("--force", "--diff", "--exit-code").code == 1
    assert again("--force").code == 0
    assert files(tree) == files(written)


def test_files_of_others_stay(again, tree):
    (tree / "README.md").write_text("ours\n")
    (tree / "kustomize/shop/extra.yaml").write_text("ours\n")
    assert again().code == 0
    assert (tree / "README.md").read_text() == "ours\n"
    assert (tree / "kustomize/shop/extra.yaml").read_text() == "ours\n"


def test_the_files_of_a_workload_that_is_gone_are_removed(again, tree):
    # Series that the server does not show are as good as gone.
    done = again("--matcher", 'namespace!="data"')
    assert done.code == 0, done.err
    assert not [name for name in files(tree) if "/data/" in name]
    assert not (tree / "kustomize/data").exists()
    assert '"data"' not in (tree / "loadline-patches.json").read_text()
    assert [name for name in files(tree) if "/shop/" in name]


def test_namespaces_that_were_not_read_stay(again, tree, written):
    done = again("--namespace", "shop")
    assert done.code == 0, done.err
    assert "could not be seen" in done.err
    assert files(tree) == files(written)
    assert again("--exclude-namespace", "shop").code == 0
    assert files(tree) == files(written)


def test_an_incomplete_read_removes_nothing(again, tree, written):
    # Without kube-state-metrics nobody knows the owners.
    done = again("--matcher", 'job!="kube-state-metrics"')
    assert done.code == 3, done.err
    assert "could not be seen" in done.err
    assert files(tree) == files(written)


def test_a_workload_that_opts_out_leaves_the_tree(again, tree):
    done = again("--set", "patch.exclude=shop/Deployment/pricing")
    assert done.code == 0, done.err
    assert not (tree / "kustomize/shop/deployment-pricing.yaml").exists()
    assert "opted out: patch.exclude has" in done.err
    assert again().code == 0
    assert (tree / "kustomize/shop/deployment-pricing.yaml").exists()


def test_a_rule_of_the_policy_overrides_values_and_opts_out(again, tree, tmp_path):
    """One workload's values by configuration, to the byte; another's patch taken away."""
    settings = tmp_path / "loadline.yaml"
    settings.write_text("""policies:
  - match: {namespace: shop, kind: Deployment, name: catalog}
    cpu: {request: 321m, limit: none}
    memory: {request: 777Mi, limit: 999Mi}
  - match: {namespace: shop, name: pricing}
    exclude: true
""")
    done = again("--config", str(settings))
    assert done.code == 0, done.err
    assert not (tree / "kustomize/shop/deployment-pricing.yaml").exists()
    patch = yaml.safe_load((tree / "kustomize/shop/deployment-catalog.yaml").read_text())
    for container in patch["spec"]["template"]["spec"]["containers"]:
        assert container["resources"] == {"requests": {"cpu": "321m", "memory": "777Mi"},
                                          "limits": {"cpu": None, "memory": "999Mi"}}
    assert again("--config", str(settings), "--diff", "--exit-code").code == 0
    assert again().code == 0
    assert (tree / "kustomize/shop/deployment-pricing.yaml").exists()


def test_a_format_less_takes_its_folder_away(patcher, tree):
    assert patcher.patch(tree, "--format", "kustomize").code == 0
    assert {path.split("/")[0] for path in files(tree)} == {"kustomize", "loadline-patches.json"}


def test_the_review_text_is_stable_and_goes_where_it_should(patcher, tmp_path):
    done = patcher.patch(tmp_path / "tree", "--dry-run", "--summary", "-")
    assert done.code == 0 and done.out.startswith("#")
    assert "pricing" in done.out
    assert patcher.patch(tmp_path / "tree", "--dry-run", "--summary", tmp_path / "pr.md").code == 0
    assert (tmp_path / "pr.md").read_text() == done.out


def test_a_settings_file_is_enough(prometheus, tmp_path):
    config = tmp_path / "loadline.yaml"
    config.write_text(f"prometheus: {{url: {prometheus.url}}}\n"
                      f"patch: {{output_dir: {tmp_path / 'tree'}, formats: [kubectl]}}\n")
    assert world.loadline("patch", "--config", config).code == 0
    assert (tmp_path / "tree/kubectl").is_dir()


def test_what_cannot_be_patched_is_told_with_the_reason(patcher, tmp_path):
    done = patcher.patch(tmp_path / "tree", "--dry-run")
    assert "no patch for " in done.err
    assert "orphan" in done.err
    assert "its workload is inferred from the pod's name" in done.err


def test_a_link_in_the_tree_leads_nowhere(again, tree, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    folder = tree / "kustomize/shop"
    folder.rename(tmp_path / "moved")
    folder.symlink_to(outside)
    done = again()
    assert done.code == 1
    assert "a symbolic link or a file stands where a folder should be" in done.err
    assert not list(outside.iterdir())


def test_a_broken_manifest_of_the_tree_stops_everything(again, tree):
    (tree / "loadline-patches.json").write_text("{")
    before = stamps(tree)
    done = again()
    assert done.code == 1
    assert "restore it from Git" in done.err
    assert stamps(tree) == before


def test_a_manifest_of_the_tree_from_outside_removes_nothing(again, tree, tmp_path):
    (tmp_path / "victim").write_text("x")
    manifest = tree / "loadline-patches.json"
    data = json.loads(manifest.read_text())
    data["files"]["../victim"] = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    manifest.write_text(json.dumps(data))
    assert again().code == 1
    assert (tmp_path / "victim").exists()
