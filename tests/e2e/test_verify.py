"""`loadline verify`: patches of a real read against the manifests that they are for."""
import json
import re
import subprocess

import pytest
import yaml

import patching
import world
from patching import Patcher

FORMATS = ["kustomize", "json6902", "flux", "kubectl", "vpa"]


@pytest.fixture(scope="module")
def made(prometheus, tmp_path_factory):
    """Manifests of the cluster and patches written for them; never changed by a test."""
    folder = tmp_path_factory.mktemp("verify")
    patcher = Patcher(prometheus.url)
    patching.write_manifests(folder / "manifests", patching.manifests(patcher.report()))
    done = patcher.patch(folder / "patches", *[a for name in FORMATS for a in ("--format", name)],
                         "--manifests", folder / "manifests")
    assert done.code == 0, done.err
    return folder


@pytest.fixture
def place(made, tmp_path):
    subprocess.run(["cp", "-a", made / "manifests", made / "patches", tmp_path], check=True)
    return tmp_path


def verify(place, *more):
    return world.loadline("verify", "--patches", place / "patches", "--manifests",
                          place / "manifests", *more)


def findings(place):
    done = verify(place, "--output", "json")
    found = done.json()
    assert found["schema"] == "loadline/verify.v1"
    assert done.code == (1 if found["findings"] else 0)
    return found["findings"]


def change(path, pattern, text):
    """Replaces the first match; it must be there."""
    old = path.read_text()
    new = re.sub(pattern, text, old, count=1)
    assert new != old
    path.write_text(new)


def test_what_patch_writes_is_good_in_every_format(place):
    done = verify(place)
    assert done.code == 0, done.out
    assert re.fullmatch(r"\d+ patches against \d+ workloads: all good\n", done.out)
    assert int(done.out.split()[0]) > 30


def test_the_values_are_those_of_the_patch_once_applied(place):
    """The operations of JSON6902 by hand, so that verify's own code is not its only judge."""
    pricing = place / "patches/json6902/shop/deployment-pricing.yaml"
    for operation in yaml.safe_load(pricing.read_text()):
        assert operation["op"] in ("test", "add", "replace", "remove")
        assert "/resources" in operation["path"] or operation["path"].endswith("/name")


@pytest.mark.parametrize("folder", ["kustomize", "kubectl"])
def test_a_wrong_container_name_is_found(place, folder):
    change(place / "patches" / folder / "shop/deployment-pricing.yaml", r"name: pricing\n(\s+)resources",
           r"name: pricnig\n\1resources")
    found = findings(place)
    assert [one["file"] for one in found] == [f"{folder}/shop/deployment-pricing.yaml"]
    assert found[0]["subject"] == "shop/Deployment/pricing, container pricnig"
    assert "it would be added" in found[0]["problem"]


def test_a_missing_target_is_found(place):
    (place / "manifests/shop-Deployment-pricing.yaml").unlink()
    found = findings(place)
    assert {one["file"] for one in found} == {
        "kustomize/shop/deployment-pricing.yaml", "json6902/shop/deployment-pricing.yaml",
        "flux/shop.yaml", "kubectl/shop/deployment-pricing.yaml", "vpa/shop/deployment-pricing.yaml"}
    assert {one["subject"] for one in found} <= {"shop/Deployment/pricing",
                                                 "^(shop|default)$/Deployment/pricing"}
    assert all("no manifest is its target" in one["problem"] for one in found)


def test_an_index_off_by_one_is_found(place):
    manifest = place / "manifests/shop-Deployment-pricing.yaml"
    root = yaml.safe_load(manifest.read_text())
    patching.pod_of(root)["containers"].insert(0, {"name": "injected", "image": "i"})
    manifest.write_text(yaml.safe_dump(root))
    found = findings(place)
    assert [one["file"] for one in found] == ["json6902/shop/deployment-pricing.yaml"]
    assert "/containers/0/name) fails: the manifest has" in found[0]["problem"]
    assert "write the patches again with --manifests" in found[0]["problem"]


def test_anything_but_resources_is_found(place):
    patch = place / "patches/kustomize/shop/deployment-pricing.yaml"
    root = yaml.safe_load(patch.read_text())
    patching.pod_of(root)["containers"][0]["image"] = "evil:latest"
    patch.write_text(yaml.safe_dump(root))
    found = findings(place)
    assert len(found) == 1 and "something else than its resources would change" in found[0]["problem"]


def test_a_request_above_its_limit_is_found(place):
    patch = place / "patches/kubectl/shop/deployment-pricing.yaml"
    root = yaml.safe_load(patch.read_text())
    patching.pod_of(root)["containers"][0]["resources"]["requests"]["memory"] = "900Gi"
    patch.write_text(yaml.safe_dump(root))
    found = findings(place)
    assert len(found) == 1 and "its memory request would be above its limit" in found[0]["problem"]


def test_one_file_of_rendered_manifests_is_enough(place):
    rendered = place / "rendered.yaml"
    rendered.write_text("---\n".join(path.read_text() for path in (place / "manifests").iterdir()))
    done = world.loadline("verify", "--patches", place / "patches", "--manifests", rendered)
    assert done.code == 0, done.out


def test_a_list_in_json_is_enough(place):
    items = [yaml.safe_load(path.read_text()) for path in (place / "manifests").iterdir()]
    listed = place / "list.json"
    listed.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    done = world.loadline("verify", "--patches", place / "patches", "--manifests", listed)
    assert done.code == 0, done.out


def test_a_chart_among_the_manifests_is_told(place):
    (place / "manifests/chart.yaml").write_text("image: {{ .Values.image }}\n")
    done = verify(place)
    assert done.code == 2
    assert "chart.yaml:1: " in done.err and "render charts and templates first" in done.err
