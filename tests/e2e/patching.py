"""Patch trees as the tests see them: runs of `loadline patch`, files on disk, manifests of a report."""
import time

import yaml

import world

FORMATS = ["kustomize", "json6902", "helm-values", "flux", "kubectl", "vpa"]
POD_SPECS = {"CronJob": ["spec", "jobTemplate", "spec", "template", "spec"], "Pod": ["spec"]}
API_VERSIONS = {"CronJob": "batch/v1", "Job": "batch/v1", "Pod": "v1", "Rollout": "argoproj.io/v1alpha1"}


class Patcher:
    """`loadline patch` on one server at one moment."""

    def __init__(self, url):
        self.arguments = ["--prometheus", url, "--now", str(int(time.time()))]

    def patch(self, directory, *more):
        return world.loadline("patch", *self.arguments, "--output-dir", directory, *more)

    def report(self, *more):
        done = world.loadline("report", *self.arguments, "--output", "json", *more)
        assert done.code == 0, done.err
        return done.json()["recommendations"]


def files(directory):
    """Relative path -> bytes of all files, .git left out."""
    return {str(path.relative_to(directory)): path.read_bytes()
            for path in sorted(directory.rglob("*"))
            if path.is_file() and ".git" not in path.parts}


def stamps(directory):
    """What changes when anything below is written."""
    return {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in directory.rglob("*")}


def container_of(row):
    """The container as its manifest would hold it today."""
    resources = {}
    for name, key in (("requests", "request"), ("limits", "limit")):
        for resource, unit in (("cpu", "cores"), ("memory", "bytes")):
            value = row[resource]["current"][f"{key}_{unit}"]
            if value is None:
                continue
            text = f"{round(value * 1000)}m" if resource == "cpu" else str(int(value))
            resources.setdefault(name, {})[resource] = text
    container = {"name": row["container"], "image": "registry.example/" + row["container"] + ":1"}
    if resources:
        container["resources"] = resources
    if row["container_type"] == "sidecar":
        container["restartPolicy"] = "Always"
    return container


def manifests(rows):
    """(namespace, kind, workload) -> the object that a team would have in Git."""
    objects = {}
    for row in rows:
        if row["owner_inferred"]:
            continue
        key = row["namespace"], row["kind"], row["workload"]
        kind = row["kind"]
        if key not in objects:
            pod = {"containers": []}
            spec = pod
            for step in reversed(POD_SPECS.get(kind, ["spec", "template", "spec"])):
                spec = {step: spec}
            objects[key] = ({"apiVersion": API_VERSIONS.get(kind, "apps/v1"), "kind": kind,
                             "metadata": {"name": row["workload"], "namespace": row["namespace"]},
                             **spec}, pod)
        pod = objects[key][1]
        which = "containers" if row["container_type"] == "container" else "initContainers"
        pod.setdefault(which, []).append(container_of(row))
    return {key: root for key, (root, _) in objects.items()}


def write_manifests(directory, objects):
    """One file a workload."""
    directory.mkdir(parents=True, exist_ok=True)
    for (namespace, kind, name), root in objects.items():
        (directory / f"{namespace}-{kind}-{name}.yaml").write_text(yaml.safe_dump(root))


def pod_of(root):
    for step in POD_SPECS.get(root["kind"], ["spec", "template", "spec"]):
        root = root[step]
    return root
