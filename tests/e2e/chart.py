"""The chart as the tests see it: rows of values, what helm makes of them, and the pods in that."""
import copy
import functools
import os
import pathlib
import subprocess

import pytest
import yaml

import world

CHART = world.SOURCE / "helm/loadline"
GOLDEN = world.SOURCE / "tests/golden/chart"
ROWS = sorted(path.name.removesuffix("-values.yaml") for path in (CHART / "ci").glob("*-values.yaml"))
OPERATOR = [f"--api-versions=monitoring.coreos.com/v1/{kind}" for kind in ("ServiceMonitor", "PodMonitor", "PrometheusRule")]


@functools.lru_cache(maxsize=None)
def helm():
    """The program; skips the test where there is none."""
    done = subprocess.run([world.SOURCE / "scripts/test-tools"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("no helm: " + done.stderr.strip())
    return pathlib.Path(done.stdout.strip()) / "helm"


def run(command, *arguments):
    """(exit code, standard output, standard error), with nobody's settings of helm."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HELM_")}
    done = subprocess.run([helm(), command, *map(str, arguments)], capture_output=True, text=True, env=clean, check=False)
    return done.returncode, done.stdout, done.stderr


def values_of(row):
    return CHART / f"ci/{row}-values.yaml"


@functools.lru_cache(maxsize=None)
def text(row, *flags, apis=tuple(OPERATOR)):
    """What `helm template` prints for a row of ci/."""
    code, out, error = run("template", "loadline", CHART, "--namespace", "rightsizing", "--values", values_of(row), *apis, *flags)
    assert code == 0, error
    return out


@functools.lru_cache(maxsize=None)
def _parsed(printed):
    """By libyaml where PyYAML has it: everything is parsed many times."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return [document for document in yaml.load_all(printed, Loader=loader) if document]


def parse(printed):
    """The objects, for the caller to change."""
    return copy.deepcopy(_parsed(printed))


def objects(row, *flags):
    return parse(text(row, *flags))


def refusal(*flags, row="default", apis=tuple(OPERATOR)):
    """What helm says where it must not render."""
    code, _, error = run("template", "loadline", CHART, "--values", values_of(row), *apis, *flags)
    assert code != 0, flags
    return error


def one(documents, kind, **metadata):
    """The only object of a kind; with `name` the one of that name."""
    [found] = [document for document in documents if document["kind"] == kind and
               all(document["metadata"].get(key) == value for key, value in metadata.items())]
    return found


def pods(documents):
    """(kind of the object, the pod in it as {metadata, spec}), of every object that makes pods."""
    steps = {"Pod": [], "Deployment": ["spec", "template"], "StatefulSet": ["spec", "template"],
             "CronJob": ["spec", "jobTemplate", "spec", "template"]}
    for document in documents:
        if document["kind"] in steps:
            yield document["kind"], functools.reduce(lambda inner, step: inner[step], steps[document["kind"]], document)


def workload(documents):
    """The pod of the release, not the one of `helm test`."""
    [(_, pod)] = [found for found in pods(documents) if found[0] != "Pod"]
    return pod


def container(pod):
    """loadline's own container."""
    [found] = [each for each in pod["spec"].get("initContainers", []) + pod["spec"]["containers"] if each["name"] == "loadline"]
    return found


def config(documents):
    """The configuration file, as text."""
    [found] = [document["data"]["loadline.yaml"] for document in documents
               if document["kind"] == "ConfigMap" and "loadline.yaml" in document["data"]]
    return found
