"""Every format applied by the tool that a team would use, to manifests that a team might have: the containers
of the plan get its values, and nothing else changes.

The trees are the golden ones of tests/golden/gitops, which the unit tests hold the program to."""
import copy
import json
import pathlib
import shutil
import subprocess

import pytest

import openapi
import world

yaml = pytest.importorskip("yaml", reason="needs Debian's python3-yaml")

GOLDEN = world.SOURCE / "tests/golden/gitops"
DATA = pathlib.Path(__file__).parent / "data/gitops"


@pytest.fixture(scope="module")
def tools():
    done = subprocess.run([world.SOURCE / "scripts/test-tools"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"no kubectl and helm: {done.stderr.strip()}")
    return pathlib.Path(done.stdout.strip())


def run(*command, **options):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def documents(text):
    return [document for document in yaml.safe_load_all(text) if document]


def pod_spec(document):
    steps = {"Pod": ["spec"], "CronJob": ["spec", "jobTemplate", "spec", "template", "spec"]}
    spec = document
    for step in steps.get(document["kind"], ["spec", "template", "spec"]):
        spec = spec[step]
    return spec


def key_of(document, namespace=None):
    metadata = document["metadata"]
    return f'{metadata.get("namespace", namespace)}/{document["kind"]}/{metadata["name"]}'


def containers(document, namespace=None):
    """Path of a container -> the container, in order."""
    spec = pod_spec(document)
    return {f'{key_of(document, namespace)}/{container["name"]}': container
            for name in ("initContainers", "containers") for container in spec.get(name, [])}


def all_containers(many, namespace=None):
    found = {}
    for document in many:
        found.update(containers(document, namespace))
    return found


def base():
    return documents((DATA / "manifests.yaml").read_text())


def planned(format_name):
    """Path of a container -> resource -> (request, limit), of what the format says it can express. A container
    that is told and still in a file (kubectl, of a limit that stays) is in both."""
    unpatched = {line.split(": ")[0]
                 for line in (GOLDEN / "sample" / format_name / "unpatched.txt").read_text().splitlines()
                 if "cannot remove" not in line}
    values = {}
    for line in (GOLDEN / "plan/values.txt").read_text().splitlines():
        path, _, resource, request, limit = line.split()
        if path not in unpatched:
            values.setdefault(path, {})[resource] = (request, None if limit == "none" else limit)
    return values


def requirement(container, resource):
    resources = container.get("resources", {})
    return tuple((resources.get(part) or {}).get(resource) for part in ("requests", "limits"))


def without_resources(document):
    bare = copy.deepcopy(document)
    for container in containers(bare).values():
        container.pop("resources", None)
    return bare


def check(result, before, plan, namespace=None):
    """The plan's values where it has some, the ones of before everywhere else, and no other difference."""
    assert [key_of(document) for document in result] == [key_of(document) for document in before]
    assert [without_resources(document) for document in result] == \
        [without_resources(document) for document in before]
    old = all_containers(before, namespace)
    seen = set()
    for path, container in all_containers(result, namespace).items():
        for resource in ("cpu", "memory"):
            wanted = plan.get(path, {}).get(resource, requirement(old[path], resource))
            assert requirement(container, resource) == wanted, (path, resource)
        seen.add(path)
    assert set(plan) <= seen


def kustomization(folder, **content):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(content))


def with_component(tools, tmp_path, component):
    """The manifests with the component, as kustomize builds them."""
    shutil.copy(DATA / "manifests.yaml", tmp_path)
    shutil.copytree(component, tmp_path / "loadline")
    kustomization(tmp_path, resources=["manifests.yaml"], components=["loadline"])
    return documents(run(tools / "kubectl", "kustomize", tmp_path))


def in_order(many):
    """Kustomize sorts objects; the same order for all."""
    return sorted(many, key=key_of)


@pytest.mark.parametrize("format_name", ["kustomize", "json6902"])
def test_a_component_gives_the_planned_values_and_changes_nothing_else(tools, tmp_path, format_name):
    result = with_component(tools, tmp_path, GOLDEN / "sample" / format_name)
    plan = planned(format_name)
    assert len(plan) >= 10
    check(in_order(result), in_order(base()), plan)


@pytest.mark.parametrize("format_name", ["kustomize", "json6902"])
def test_the_result_is_what_kubernetes_accepts(tools, tmp_path, format_name):
    result = with_component(tools, tmp_path, GOLDEN / "sample" / format_name)
    found = {key_of(document): openapi.problems(document) for document in result}
    assert found.pop("shop/Rollout/checkout") is None and found.pop("shop/CloneSet/clones") is None
    assert all(problems == [] for problems in found.values()), found


def test_an_empty_component_changes_nothing(tools, tmp_path):
    component = tmp_path / "empty"
    component.mkdir()
    (component / "kustomization.yaml").write_text(
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: []\n")
    overlay = tmp_path / "overlay"
    overlay.mkdir()
    result = with_component(tools, overlay, component)
    assert in_order(result) == in_order(base())


def test_a_patch_whose_workload_is_gone_does_not_break_the_build(tools, tmp_path):
    shutil.copytree(GOLDEN / "sample/kustomize", tmp_path / "loadline")
    kept = [document for document in base() if document["kind"] == "StatefulSet"]
    (tmp_path / "some.yaml").write_text(yaml.safe_dump_all(kept))
    kustomization(tmp_path, resources=["some.yaml"], components=["loadline"])
    result = documents(run(tools / "kubectl", "kustomize", tmp_path))
    plan = {path: values for path, values in planned("kustomize").items() if "/StatefulSet/" in path}
    check(in_order(result), in_order(kept), plan)


def test_manifests_without_a_namespace_are_patched_above_the_kustomization_that_names_it(tools, tmp_path):
    bare = next(document for document in base() if key_of(document) == "shop/Deployment/half")
    named = copy.deepcopy(bare)
    del bare["metadata"]["namespace"]
    (tmp_path / "base").mkdir()
    (tmp_path / "base/half.yaml").write_text(yaml.safe_dump(bare))
    kustomization(tmp_path / "base", resources=["half.yaml"], namespace="shop")
    shutil.copytree(GOLDEN / "sample/kustomize", tmp_path / "above/loadline")
    kustomization(tmp_path / "above", resources=["../base"], components=["loadline"])
    result = documents(run(tools / "kubectl", "kustomize", tmp_path / "above"))
    check(result, [named], {path: values for path, values in planned("kustomize").items()
                            if path.startswith("shop/Deployment/half/")})
    # In the same kustomization the component comes first and matches nothing: as docs/gitops.md says.
    shutil.copytree(GOLDEN / "sample/kustomize", tmp_path / "base/loadline")
    kustomization(tmp_path / "base", resources=["half.yaml"], components=["loadline"], namespace="shop")
    assert documents(run(tools / "kubectl", "kustomize", tmp_path / "base")) == [named]


def build_fails(tools, tmp_path, before, after):
    """What kustomize says to the json6902 tree where the manifests say something else."""
    text = (DATA / "manifests.yaml").read_text()
    assert before in text
    (tmp_path / "manifests.yaml").write_text(text.replace(before, after))
    shutil.copytree(GOLDEN / "sample/json6902", tmp_path / "loadline")
    kustomization(tmp_path, resources=["manifests.yaml"], components=["loadline"])
    done = subprocess.run([tools / "kubectl", "kustomize", tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    return done.stderr


def test_an_operation_on_another_container_fails_the_build(tools, tmp_path):
    said = build_fails(tools, tmp_path, "- name: report\n", "- name: other\n")
    assert "/containers/0/name failed" in said


def test_an_operation_does_not_overwrite_what_it_did_not_know(tools, tmp_path):
    said = build_fails(tools, tmp_path, "- name: import\n",
                       "- name: import\n        resources: {limits: {nvidia.com/gpu: '1'}}\n")
    assert "/containers/0/resources failed" in said


def patched(tools, tmp_path, document, patch, kind):
    (tmp_path / "one.yaml").write_text(yaml.safe_dump(document))
    return json.loads(run(tools / "kubectl", "patch", "--local", "-f", tmp_path / "one.yaml", "-o", "json",
                          "--type", kind, "--patch-file", patch))


def file_of(format_name, document):
    namespace, kind, name = key_of(document).split("/")
    return GOLDEN / "sample" / format_name / namespace / f"{kind.lower()}-{name}.yaml"


@pytest.mark.parametrize("format_name, kind", [("kustomize", "strategic"), ("kubectl", "strategic"),
                                               ("json6902", "json")])
def test_kubectl_patch_takes_the_files_one_by_one(tools, tmp_path, format_name, kind):
    plan = planned(format_name)
    custom = ("Rollout", "CloneSet")
    tried = 0
    for document in base():
        patch = file_of(format_name, document)
        if not patch.exists() or (document["kind"] in custom and kind == "strategic"):
            continue
        result = patched(tools, tmp_path, document, patch, kind)
        # Fields that kubectl's types add when they are empty.
        result.pop("status", None)
        result["metadata"].pop("creationTimestamp", None)
        wanted = {path: values for path, values in plan.items() if path.startswith(key_of(document) + "/")}
        if format_name == "kubectl":
            wanted = {path: with_kept_limits(values, containers(document)[path])
                      for path, values in wanted.items()}
        check_values(result, document, wanted)
        tried += 1
    assert tried >= 7


def with_kept_limits(values, container):
    """Server-side apply cannot say "none": the limit stays that is there."""
    return {resource: (request, limit or requirement(container, resource)[1])
            for resource, (request, limit) in values.items()}


def check_values(result, before, plan):
    old = containers(before)
    new = containers(result)
    assert list(new) == list(old)
    for path, container in new.items():
        for resource in ("cpu", "memory"):
            wanted = plan.get(path, {}).get(resource, requirement(old[path], resource))
            assert requirement(container, resource) == wanted, (path, resource)


@pytest.mark.parametrize("format_name", ["kustomize", "kubectl"])
def test_partial_objects_have_no_field_that_kubernetes_does_not_know(format_name):
    checked = 0
    for path in (GOLDEN / "sample" / format_name).glob("*/*.yaml"):
        document = yaml.safe_load(path.read_text())
        if isinstance(document, list):
            continue
        assert openapi.problems(document, partial=True) == [], path
        checked += 1
    assert checked >= 7


def helm_template(tools, *values):
    arguments = [argument for file in values for argument in ("--values", file)]
    return documents(run(tools / "helm", "template", "shop", DATA / "chart", "--namespace", "shop", *arguments))


def test_helm_takes_the_values_file(tools):
    before = helm_template(tools)
    result = helm_template(tools, GOLDEN / "sample/helm-values/shop.yaml")
    plan = {path: values for path, values in planned("helm-values").items() if path.startswith("shop/")}
    assert len(plan) == 3
    check(result, before, plan, namespace="shop")


def test_a_values_file_of_a_release_without_patches_changes_nothing(tools):
    assert helm_template(tools, GOLDEN / "sample/helm-values/idle.yaml") == helm_template(tools)


def test_fluxs_post_renderer_patches_what_the_chart_renders(tools, tmp_path):
    """The patches as Flux's helm-controller runs them: kustomize over the rendered objects, which name no
    namespace."""
    release = yaml.safe_load((GOLDEN / "sample/flux/shop.yaml").read_text())
    before = helm_template(tools)
    (tmp_path / "rendered.yaml").write_text(yaml.safe_dump_all(before))
    kustomization(tmp_path, resources=["rendered.yaml"],
                  patches=release["spec"]["postRenderers"][0]["kustomize"]["patches"])
    result = documents(run(tools / "kubectl", "kustomize", tmp_path))
    plan = {path: values for path, values in planned("flux").items()
            if path in all_containers(before, "shop")}
    assert len(plan) == 3
    check(in_order(result), in_order(before), plan, namespace="shop")


def test_the_flux_file_is_a_patch_of_helm_releases(tools, tmp_path):
    release = {"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease",
               "metadata": {"name": "shop", "namespace": "shop"}, "spec": {"interval": "10m"}}
    (tmp_path / "release.yaml").write_text(yaml.safe_dump(release))
    shutil.copy(GOLDEN / "sample/flux/shop.yaml", tmp_path / "loadline.yaml")
    kustomization(tmp_path, resources=["release.yaml"],
                  patches=[{"path": "loadline.yaml", "target": {"kind": "HelmRelease", "namespace": "shop"}}])
    result, = documents(run(tools / "kubectl", "kustomize", tmp_path))
    patch = yaml.safe_load((GOLDEN / "sample/flux/shop.yaml").read_text())
    assert result == {**release, "spec": {**release["spec"], **patch["spec"]}}


def test_autoscalers_hold_each_container_to_the_planned_request():
    plan = planned("vpa")
    targets = {key_of(document): document["apiVersion"] for document in base()}
    names = set()
    for path in (GOLDEN / "sample/vpa").glob("*/*.yaml"):
        document = yaml.safe_load(path.read_text())
        target = document["spec"]["targetRef"]
        namespace = document["metadata"]["namespace"]
        key = f'{namespace}/{target["kind"]}/{target["name"]}'
        assert targets[key] == target["apiVersion"]
        assert document["spec"]["updatePolicy"] == {"updateMode": "Off"}
        *own, others = document["spec"]["resourcePolicy"]["containerPolicies"]
        assert others == {"containerName": "*", "mode": "Off"}
        for policy in own:
            wanted = {resource: request
                      for resource, (request, _) in plan.pop(f'{key}/{policy["containerName"]}').items()}
            assert policy["minAllowed"] == policy["maxAllowed"] == wanted
            assert policy["controlledResources"] == list(wanted)
        names.add((namespace, document["metadata"]["name"]))
    assert plan == {}
    assert len(names) == len(list((GOLDEN / "sample/vpa").glob("*/*.yaml")))
