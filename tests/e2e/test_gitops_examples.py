"""The examples of docs/gitops.md for real: the script of plain CI against a bare Git repository and a real Prometheus,
each kustomization and values file with the tool that a team would use, and the document itself against the files."""
import copy
import json
import os
import pathlib
import re
import shutil
import subprocess
import time

import pytest

import world
from serving import Serve

yaml = pytest.importorskip("yaml", reason="needs Debian's python3-yaml")
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

EXAMPLES = world.SOURCE / "docs/examples/gitops"
DOC = world.SOURCE / "docs/gitops.md"
TREE = "kustomize/prod/loadline"
SUFFIXES = {"": 1, "m": 1e-3, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}


@pytest.fixture(scope="module")
def tools():
    done = subprocess.run([world.SOURCE / "scripts/test-tools"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"no kubectl and helm: {done.stderr.strip()}")
    return pathlib.Path(done.stdout.strip())


def environment(tools):
    """Nobody's Git settings, and the tools first on the PATH."""
    clean = {name: value for name, value in os.environ.items()
             if not name.startswith(("GIT_", "LOADLINE_")) and name != "EMAIL"}
    return {**clean, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LOADLINE": str(world.BIN),
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}


def run(*command, **options):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def documents(text):
    return [document for document in yaml.safe_load_all(text) if document]


def pod_spec(document):
    return document["spec"]["template"]["spec"]


def containers(document):
    return {container["name"]: container for name in ("initContainers", "containers")
            for container in pod_spec(document).get(name, [])}


def by_key(many):
    return {(document["kind"], document["metadata"]["name"]): document for document in many}


def amount(text):
    number, suffix = re.fullmatch(r"([0-9.]+)([a-zA-Z]*)", str(text)).groups()
    return float(number) * SUFFIXES[suffix]


def emitted(tree):
    """(kind, workload, container) -> (part, resource) -> amount or None, of what a tree says it holds."""
    values = {}
    for row in json.loads((tree / "loadline-patches.json").read_text())["values"]:
        assert row["namespace"] == "shop"
        amounts = values[row["kind"], row["workload"], row["container"]] = {}
        for resource, unit in (("cpu", "cores"), ("memory", "bytes")):
            if resource in row:
                for part in ("request", "limit"):
                    amounts[part + "s", resource] = row[resource][f"{part}_{unit}"]
    return values


def check_values(result, before, values):
    """The tree's values in all containers that it speaks of, and no other difference."""
    result, before = by_key(result), by_key(before)
    assert list(result) == list(before)
    seen = 0
    for key, document in result.items():
        old = containers(before[key])
        assert list(containers(document)) == list(old)
        for name, container in containers(document).items():
            wanted = values.get((*key, name), {})
            for place in [(part, resource) for part in ("requests", "limits") for resource in ("cpu", "memory")]:
                now, was = ((one.get("resources", {}).get(place[0]) or {}).get(place[1])
                            for one in (container, old[name]))
                if place not in wanted:
                    assert now == was, (key, name, place)
                elif wanted[place] is None:
                    assert now is None, (key, name, place)
                else:
                    assert amount(now) == pytest.approx(wanted[place], rel=1e-9), (key, name, place)
            seen += bool(wanted)
            container.pop("resources", None), old[name].pop("resources", None)
    assert result == before
    return seen


class Team:
    """A team's bare repository with the examples in it, and the script that proposes to it."""

    def __init__(self, folder, url, env):
        self.folder = folder
        self.bare = folder / "deploy.git"
        self.env = env
        self.arguments = ["--prometheus", url, "--namespace", "shop", "--now", str(int(time.time()))]
        run("git", "init", "--quiet", "--bare", "--initial-branch=main", self.bare, env=env)
        self.work = folder / "work"
        shutil.copytree(EXAMPLES, self.work)
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("remote", "add", "origin", self.bare)
        self.commit("What the team has")

    def git(self, *arguments):
        return run("git", "-C", self.work, "-c", "user.name=Ann", "-c", "user.email=ann@example.com", *arguments,
                   env=self.env).strip()

    def commit(self, message):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        self.git("push", "--quiet", "origin", "main")

    def merge(self):
        self.git("fetch", "--quiet", "origin")
        self.git("merge", "--quiet", "--no-edit", "origin/loadline/patches")
        self.git("push", "--quiet", "origin", "main")

    def branches(self):
        lines = run("git", "-C", self.bare, "for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads",
                    env=self.env)
        return dict(line.split() for line in lines.splitlines())

    def propose(self, *more, render="kubectl kustomize kustomize/base", tree=TREE, ours=()):
        done = subprocess.run(["sh", EXAMPLES / "propose-patches", "--repository", self.bare, "--tree", tree,
                               "--render", render, *ours, "--", *(self.arguments if "--from" not in ours else []),
                               *more], env=self.env, cwd=self.folder, capture_output=True, text=True, timeout=120,
                              check=False)
        return world.Outcome(done.returncode, done.stdout, done.stderr, 0)


@pytest.fixture(scope="module")
def proposed(prometheus, tools, tmp_path_factory):
    """A team with its first proposal; never changed by a test."""
    team = Team(tmp_path_factory.mktemp("team"), prometheus.url, environment(tools))
    return team, team.propose()


@pytest.fixture
def team(proposed, tmp_path):
    """A copy of it to play with."""
    copied = copy.copy(proposed[0])
    copied.folder = tmp_path
    copied.bare = tmp_path / "deploy.git"
    copied.work = tmp_path / "work"
    shutil.copytree(proposed[0].bare, copied.bare)
    shutil.copytree(proposed[0].work, copied.work)
    copied.git("remote", "set-url", "origin", copied.bare)
    return copied


@pytest.fixture
def adopted(team):
    """The same after the merge."""
    team.merge()
    return team


def test_a_first_proposal_is_one_commit_of_the_tree_on_a_branch(proposed):
    team, done = proposed
    assert done.code == 0, done.err
    assert "all good" in done.err
    branches = team.branches()
    assert branches["main"] == team.git("rev-parse", "HEAD")
    log = run("git", "-C", team.bare, "log", "--format=%P %an %s", "main..loadline/patches", env=team.env)
    assert log.strip() == f"{branches['main']} loadline Requests and limits by loadline"
    changed = run("git", "-C", team.bare, "diff", "--name-only", "main", "loadline/patches", env=team.env).split()
    assert all(path.startswith(TREE + "/") for path in changed)
    assert {TREE + "/loadline-patches.json", TREE + "/kustomize/kustomization.yaml",
            TREE + "/kustomize/shop/deployment-web.yaml"} <= set(changed)


def test_standard_output_is_the_text_of_the_pull_request(proposed):
    text = proposed[1].out
    assert text.startswith("# Requests and limits: loadline patches\n")
    assert "`shop/Deployment/pricing/pricing`" in text[:text.index("## Values")], "risks come first"
    assert "`shop/Deployment/gifts/gifts`" in text


def test_a_second_run_makes_no_commit(team):
    before = team.branches()
    done = team.propose()
    assert (done.code, done.out) == (0, ""), done.err
    assert "nothing to propose" in done.err
    assert team.branches() == before


def test_a_run_after_the_merge_makes_no_commit(adopted):
    before = adopted.branches()
    assert before["main"] == before["loadline/patches"]
    done = adopted.propose()
    assert (done.code, done.out) == (0, ""), done.err
    assert adopted.branches() == before


def test_an_open_proposal_is_continued_on_a_newer_main(team):
    (team.work / "README").write_text("of the team\n")
    team.commit("Something else")
    assert team.propose().out == ""
    first = team.branches()["loadline/patches"]
    done = team.propose("--set", "policy.memory.limit_factor=3")
    assert done.code == 0, done.err
    # Before is what was proposed, not what pods ask for today.
    before, after = re.search(r"`shop/Deployment/web/web` .*\| (\d+)Mi → \*\*(\d+)Mi\*\* \|", done.out).groups()
    assert int(after) / int(before) == pytest.approx(3 / 2, rel=0.03)
    team.git("fetch", "--quiet", "origin")
    ours = team.git("rev-list", "origin/loadline/patches").split()
    assert first in ours and team.branches()["main"] in ours


def test_a_file_edited_by_hand_is_kept_and_the_run_says_so(adopted):
    path = adopted.work / TREE / "kustomize/shop/deployment-web.yaml"
    path.write_text(path.read_text() + "# by Ann\n")
    adopted.commit("By hand")
    before = adopted.branches()
    done = adopted.propose()
    assert (done.code, done.out) == (3, ""), done.err
    assert "kustomize/shop/deployment-web.yaml is not as loadline wrote it and is kept" in done.err
    assert adopted.branches() == before


def test_patches_that_miss_a_manifest_are_not_proposed(prometheus, tools, tmp_path):
    team = Team(tmp_path, prometheus.url, environment(tools))
    base = team.work / "kustomize/base/shop.yaml"
    base.write_text(base.read_text().replace("name: gifts\n  namespace", "name: presents\n  namespace"))
    team.commit("Renamed")
    done = team.propose()
    assert (done.code, done.out) == (1, "")
    assert "kustomize/shop/deployment-gifts.yaml: shop/Deployment/gifts: no manifest is its target" in done.err
    assert list(team.branches()) == ["main"]


def test_manifests_that_cannot_be_rendered_are_a_failure(team):
    before = team.branches()
    done = team.propose(render="kubectl kustomize nowhere")
    assert (done.code, done.out) == (1, "")
    assert "--render failed: kubectl kustomize nowhere" in done.err
    assert team.branches() == before


def test_a_prometheus_that_cannot_be_reached_is_a_failure(team):
    before = team.branches()
    team.arguments = ["--prometheus", f"http://127.0.0.1:{world.free_port()}"]
    done = team.propose()
    assert (done.code, done.out) == (1, "")
    assert team.branches() == before


@pytest.mark.parametrize("arguments, why", [
    ([], "--repository is missing"),
    (["--repository"], "--repository needs a value"),
    (["--repository", "x", "--tree", "y"], "--render is missing"),
    (["--repository", "x", "--render", "y"], "--tree must name a folder inside the repository"),
    (["--repository", "x", "--render", "y", "--tree", "/z"], "--tree must name a folder inside the repository"),
    (["--repository", "x", "--render", "y", "--tree", "a/../.."], "--tree must name a folder inside the repository"),
    (["--repository", "x", "--render", "y", "--tree", ".git"], "--tree must name a folder inside the repository"),
    (["--depth", "1"], "unknown option --depth"),
])
def test_wrong_use_of_the_script_is_exit_code_2(tmp_path, arguments, why):
    done = subprocess.run(["sh", EXAMPLES / "propose-patches", *arguments], cwd=tmp_path, capture_output=True,
                          text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"propose-patches: {why}; see --help\n"


def test_the_script_explains_itself(tmp_path):
    text = run("sh", EXAMPLES / "propose-patches", "--help", cwd=tmp_path)
    assert "Usage: propose-patches --repository URL" in text and "set -eu" not in text


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_patches_are_fetched_from_a_server(prometheus, tools, tmp_path):
    team = Team(tmp_path, prometheus.url, environment(tools))
    kept = tmp_path / "kept"
    flags = ["--set", "namespaces=shop", "--set", f"patch.output_dir={kept}"]
    with Serve(prometheus.url, tmp_path / "state", *flags) as serve:
        serve.wait_for(lambda one: one.events("patches written"))
        patches = f"http://127.0.0.1:{serve.port}/api/v1/patches?format="
        done = team.propose(ours=["--from", patches + "kustomize"])
        assert done.code == 0, done.err
        assert "all good" in done.err and "deployment-web.yaml" in done.out
        team.merge()
        before = team.branches()
        done = team.propose(ours=["--from", patches + "kustomize"])
        assert (done.code, done.out) == (0, ""), done.err
        # A server's error is no empty tree.
        done = team.propose(ours=["--from", patches + "vpa"])
        assert (done.code, done.out) == (1, "")
        assert team.branches() == before
    run("diff", "--recursive", kept, team.work / TREE)
    overlay = team.work / "kustomize/prod"
    values = emitted(overlay / "loadline")
    assert check_values(build(tools, overlay), build(tools, team.work / "kustomize/base"), values) == len(values) >= 8


def build(tools, folder):
    return documents(run(tools / "kubectl", "kustomize", folder))


def path_of(example):
    """The folder that an Argo CD Application or a Flux Kustomization deploys."""
    spec = yaml.safe_load((EXAMPLES / example).read_text())["spec"]
    return spec.get("source", spec)["path"]


@pytest.mark.parametrize("example", ["argocd/shop.yaml", "flux/shop.yaml"])
def test_the_overlay_that_is_deployed_has_the_values_of_the_tree(adopted, tools, example):
    overlay = adopted.work / path_of(example)
    values = emitted(overlay / "loadline")
    assert len(values) >= 10
    assert check_values(build(tools, overlay), build(tools, adopted.work / "kustomize/base"), values) == len(values)


def test_one_line_of_the_overlay_adopts_the_patches():
    overlay = yaml.safe_load((EXAMPLES / "kustomize/prod/kustomization.yaml").read_text())
    assert overlay.pop("components") == ["loadline/kustomize"]
    assert set(overlay) == {"apiVersion", "kind", "resources"}


def test_a_cpu_limit_of_none_is_gone_from_what_is_deployed(adopted, tools):
    done = adopted.propose("--set", "policy.cpu.limit=none")
    assert done.code == 0, done.err
    adopted.merge()
    overlay = adopted.work / "kustomize/prod"
    values = emitted(overlay / "loadline")
    assert [key for key, value in values.items() if value.get(("limits", "cpu")) is not None] == []
    assert check_values(build(tools, overlay), build(tools, adopted.work / "kustomize/base"), values) == len(values)


HELM = ["--format", "helm-values", "--format", "flux", "--helm-mapping", "helm/mapping.yaml"]
RENDER = "helm template shop helm/chart --namespace shop --values helm/values.yaml"


@pytest.fixture(scope="module")
def released(proposed, tools, tmp_path_factory):
    """The examples for Helm, with a tree in them."""
    folder = tmp_path_factory.mktemp("released")
    helm = folder / "helm"
    shutil.copytree(EXAMPLES / "helm", helm)
    done = subprocess.run([world.BIN, "patch", *proposed[0].arguments, "--output-dir", "helm/loadline", *HELM],
                          cwd=folder, env=environment(tools), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return helm


def of_chart(released, *workloads):
    values = emitted(released / "loadline")
    return {key: value for key, value in values.items() if key[:2] in [("Deployment", name) for name in workloads]}


def template(tools, released, *files):
    arguments = [argument for file in files for argument in ("--values", file)]
    return documents(run(tools / "helm", "template", "shop", released / "chart", "--namespace", "shop", *arguments))


def test_argo_cds_values_files_give_the_chart_the_values_of_the_tree(released, tools):
    application = yaml.safe_load((released / "application.yaml").read_text())
    chart, own = application["spec"]["sources"]
    assert own["ref"] == "values"
    files = [file.replace("$values/helm", str(released)) for file in chart["helm"]["valueFiles"]]
    values = of_chart(released, "web", "payments")
    assert len(values) == 3
    before = template(tools, released, files[0])
    assert check_values(template(tools, released, *files), before, values) == 3


def test_fluxs_release_gets_the_post_renderer_and_renders_the_values_of_the_tree(released, tools, tmp_path):
    release, = build(tools, released)
    renderers = release["spec"].pop("postRenderers")
    assert release == yaml.safe_load((released / "release.yaml").read_text())
    before = template(tools, released, released / "values.yaml")
    (tmp_path / "rendered.yaml").write_text(yaml.safe_dump_all(before))
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(
        {"resources": ["rendered.yaml"], "patches": renderers[0]["kustomize"]["patches"]}))
    result = build(tools, tmp_path)
    in_order = sorted(before, key=lambda document: document["metadata"]["name"])
    assert check_values(result, in_order, of_chart(released, "web", "payments")) == 3


def test_values_of_a_release_are_proposed_like_any_patches(team):
    done = team.propose("--format", "helm-values", "--helm-mapping", "helm/mapping.yaml", render=RENDER,
                        tree="helm/loadline", ours=["--branch", "loadline/helm"])
    assert done.code == 0, done.err
    changed = run("git", "-C", team.bare, "diff", "--name-only", "main", "loadline/helm", env=team.env).split()
    assert changed == ["helm/loadline/helm-values/shop.yaml", "helm/loadline/loadline-patches.json"]


def blocks():
    """The fenced blocks of the document."""
    return re.findall(r"^```\w*\n(.*?)^```$", DOC.read_text(), re.DOTALL | re.MULTILINE)


def test_each_fenced_block_of_the_document_is_one_of_the_files():
    names = []
    for block in blocks():
        first, text = block.split("\n", 1)
        assert first.startswith("# docs/examples/gitops/"), first
        names.append(first[2:])
        assert text == (world.SOURCE / names[-1]).read_text(), names[-1]
    assert len(names) == len(set(names))
    shown = {name.removeprefix("docs/examples/gitops/") for name in names}
    assert shown == {"argocd/shop.yaml", "flux/shop.yaml", "helm/application.yaml", "helm/kustomization.yaml",
                     "helm/mapping.yaml", "helm/release.yaml", "kustomize/prod/kustomization.yaml"}


def test_files_that_the_document_links_exist():
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", DOC.read_text())
    assert "examples/gitops/propose-patches" in links
    assert [link for link in links if not (DOC.parent / link).exists()] == []
