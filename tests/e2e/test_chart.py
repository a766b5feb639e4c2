"""The chart: what helm makes of every row of helm/loadline/ci, held to golden files and to the schemas of the kinds; and what it
must refuse."""
import functools
import json
import os
import re
import subprocess

import pytest
import yaml

import chart
import openapi
import prometheus_operator
import world


def test_lint_finds_nothing():
    code, out, error = chart.run("lint", "--strict", chart.CHART)
    assert code == 0, out + error
    for row in chart.ROWS:
        code, out, error = chart.run("lint", "--strict", chart.CHART, "--values", chart.values_of(row))
        assert code == 0, (row, out + error)


def test_versions_are_those_of_the_program():
    about = yaml.safe_load((chart.CHART / "Chart.yaml").read_text())
    assert world.loadline("version").out.split()[1] == about["appVersion"]
    labels = chart.one(chart.objects("default"), "Deployment")["metadata"]["labels"]
    assert labels["app.kubernetes.io/version"] == about["appVersion"]
    assert chart.container(chart.workload(chart.objects("default")))["image"] == "loadline:" + about["appVersion"]


def without_bodies(printed):
    """Less what other files of the chart say word for word, and other tests hold: dashboards, rules. Objects sorted, for
    helm's versions order them differently."""
    printed = re.sub(r"^(  [\w-]+\.json:) .*\n(?:(?:    .*)?\n)*", r"\1 ''\n", printed, flags=re.MULTILINE)
    printed = re.sub(r"^(kind: PrometheusRule\n(?:.*\n)*?  groups:).*\n(?:(?:    .*)?\n)*", r"\1 []\n", printed, flags=re.MULTILINE)
    parts = re.split(r"^---\n", printed, flags=re.MULTILINE)
    return "---\n".join(sorted(part for part in parts if part.strip()))


@pytest.mark.parametrize("row", chart.ROWS)
def test_what_is_rendered_is_as_it_was(row):
    """Compared as objects: versions of helm write the same YAML differently."""
    golden = chart.GOLDEN / f"{row}.yaml"
    rendered = without_bodies(chart.text(row))
    if os.environ.get("LOADLINE_UPDATE_GOLDEN"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(rendered)
    assert chart.parse(rendered) == chart.parse(golden.read_text())


def problems(document):
    found = prometheus_operator.problems(document)
    return openapi.problems(document) if found is None else found


@pytest.mark.parametrize("row", chart.ROWS)
def test_every_object_is_valid_and_has_no_unknown_field(row):
    documents = chart.objects(row)
    names = [(document["kind"], document["metadata"]["name"]) for document in documents]
    assert len(set(names)) == len(names)
    for document in documents:
        found = problems(document)
        assert found == [], document["kind"]  # None: nobody knows the kind


@pytest.mark.parametrize("row, kind, change", [
    ("everything", "StatefulSet", lambda it: it["spec"]["template"]["spec"].update(automountToken=False)),
    ("everything", "ServiceMonitor", lambda it: it["spec"]["endpoints"][0].update(honourLabels=True)),
    ("everything", "PrometheusRule", lambda it: it["spec"]["groups"][0]["rules"][0].update(severity="warning")),
    ("everything", "NetworkPolicy", lambda it: it["spec"]["egress"][0].update(port=1)),
    ("default", "Deployment", lambda it: it["spec"].update(replicas="1")),
    ("default", "Service", lambda it: it["spec"]["ports"][0].pop("port"))])
def test_the_check_of_objects_finds_what_is_wrong(row, kind, change):
    document = chart.one(chart.objects(row), kind)
    change(document)
    assert len(problems(document)) == 1


# (where the schema finds it, what sets it). Those of one place are in different lists, since helm tells all errors at once.
WRONG = [[
    ("", "replicas=2"), ("/persistence", "persistence.sise=1Gi"), ("/mode", "mode=daemon"), ("/shards", "shards=0"),
    ("/config/prometheus/url", "config.prometheus.url=prometheus:9090"),
    ("/credentials/bearerToken/existingSecret", "credentials.bearerToken.existingSecret=My_Secret"),
    ("/credentials/bearerToken", "credentials.bearerToken.token=secret"),
    ("/credentials/users/key", "credentials.users.key=a/b"),
    ("/image/pullPolicy", "image.pullPolicy=Sometimes"), ("/image/digest", "image.digest=sha256:abc"),
    ("/image/repository", "image.repository=loadline@sha256:abc"), ("/resources/limits/memory", "resources.limits.memory=512MB"),
    ("/persistence/size", "persistence.size=big"), ("/persistence/accessModes", "persistence.accessModes=[]"),
    ("/cronjob/command", "cronjob.command=serve"), ("/cronjob/schedule", "cronjob.schedule=daily"),
    ("/cronjob/reportFile", "cronjob.reportFile=/etc/passwd"), ("/service/port", "service.port=70000"),
    ("/service/type", "service.type=ExternalName"), ("/serviceMonitor/interval", "serviceMonitor.interval=60"),
    ("/serviceMonitor", "serviceMonitor.honorLabels=false"), ("/podMonitor/basicAuth/password", "podMonitor.basicAuth.password=secret"),
    ("/prometheusRule/runbookBaseUrl", "prometheusRule.runbookBaseUrl=docs"),
    ("/networkPolicy/users/0", "networkPolicy.users=[{}]"), ("/networkPolicy/dns/ports", "networkPolicy.dns.ports=[]"),
    ("/podDisruptionBudget/maxUnavailable", "podDisruptionBudget.maxUnavailable=0"),
    ("/livenessProbe", "livenessProbe.timeout=5"), ("/terminationGracePeriodSeconds", "terminationGracePeriodSeconds=0"),
    ("/extraArgs/0", "extraArgs[0]=1"), ("/extraEnv/0", "extraEnv[0].value=x"), ("/commonLabels/team", "commonLabels.team=1"),
    ("/fullnameOverride", "fullnameOverride=Load_Line"), ("/podSecurityContext", "podSecurityContext=[]"),
], [
    ("/config/prometheus/url", "config.prometheus.url=http://me:secret@prometheus"), ("/shards", "shards=1.5"),
    ("/cronjob/reportFile", "cronjob.reportFile=a/../../b"), ("/networkPolicy/users/0", 'networkPolicy.users=[{"podselector": {}}]'),
    ("/extraEnv/0", 'extraEnv=[{"name": "A", "valve": "b"}]'), ("/credentials", "credentials.password.existingSecret=a"),
    ("/tolerations/0", "tolerations=[\"all\"]"), ("/caBundle", "caBundle.pem=text"), ("/extraObjects/0", "extraObjects=[1]"),
], [("/config", "config=\"file\"")], [("/config/serve", "config.serve=[]"), ("/config/patch", "config.patch=all")]]


@functools.lru_cache(maxsize=None)
def faults(number):
    """The places of which helm complains, of one list of WRONG. Helm 3 writes them with dots."""
    flags = [f"--set-json={setting}" if re.search(r"=[\[\"]", setting) else f"--set={setting}" for _, setting in WRONG[number]]
    error = chart.refusal(*flags)
    assert "values don't meet the specifications of the schema" in error
    return ["/" + place.strip("/").replace(".", "/") for place in re.findall(r"^ *- (?:at ')?([^:']*)'?:(?! .*validation failed)", error, re.MULTILINE)]


@pytest.mark.parametrize("number, place, setting", [(number, *wrong) for number, many in enumerate(WRONG) for wrong in many])
def test_the_schema_refuses(number, place, setting):
    assert (place or "/") in faults(number)


REFUSED = {
    "no URL": (["config.prometheus.url="], "config.prometheus.url is not set"),
    "both tokens": (["credentials.bearerToken.existingSecret=a", "credentials.basicAuth.existingSecret=b"], "one of them"),
    "two bundles": (["caBundle.existingSecret=a", "caBundle.existingConfigMap=b"], "keep one"),
    "a path that the chart sets": (["credentials.bearerToken.existingSecret=a", "config.prometheus.bearer_token_file=/b"],
                                   "config.prometheus.bearer_token_file"),
    "other shards": (["shards=2", "config.serve.total_shards=3"], "config.serve.total_shards"),
    "a claim for all shards": (["shards=2", "persistence.existingClaim=a"], "existingClaim"),
    "a node port for shards": (["shards=2", "service.type=NodePort"], "service.type"),
    "a state elsewhere": (["config.serve.state_dir=/data"], "not on the volume"),
    "an address without port": (["config.serve.listen=localhost"], "names no port"),
    "two monitors": (["serviceMonitor.enabled=true", "podMonitor.enabled=true"], "twice"),
    "a monitor without password": (["serviceMonitor.enabled=true", "credentials.users.existingSecret=a"], "serviceMonitor.basicAuth"),
    "shards of a job": (["mode=cronjob", "shards=2"], "mode serve"),
    "a monitor of a job": (["mode=cronjob", "podMonitor.enabled=true"], "serves no metrics"),
    "a dashboard of a job": (["mode=cronjob", "dashboard.enabled=true"], "serves no metrics"),
    "a job that would not end": (["mode=cronjob", "extraContainers[0].name=a"], "extraInitContainers"),
    "patches into nothing": (["mode=cronjob", "cronjob.command=patch", "persistence.enabled=false"], "gone with the pod"),
}


@pytest.mark.parametrize("values, words", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_work_is_refused_with_the_reason(values, words):
    assert words in chart.refusal(*[f"--set={value}" for value in values])


def test_the_url_may_come_from_a_variable():
    flags = ("--set=config.prometheus.url=", "--set=extraEnv[0].name=LOADLINE_PROMETHEUS_URL", "--set=extraEnv[0].value=http://p")
    assert chart.one(chart.objects("default", *flags), "Deployment")


# ---- what the cluster can do ---------------------------------------------------------------------

@pytest.mark.parametrize("value, kind", [("serviceMonitor", "ServiceMonitor"), ("podMonitor", "PodMonitor"),
                                         ("prometheusRule", "PrometheusRule")])
def test_objects_of_the_operator_need_its_crds(value, kind):
    flags = (f"--set={value}.enabled=true",)
    others = tuple(api for api in chart.OPERATOR if not api.endswith(kind))
    error = chart.refusal(*flags, apis=others)
    assert f"the cluster has no {kind}" in error and "checkCapabilities" in error
    assert chart.one(chart.objects("default", *flags), kind)
    code, out, error = chart.run("template", "loadline", chart.CHART, "--values", chart.values_of("default"), *flags,
                                 "--set=checkCapabilities=false")
    assert code == 0, error
    assert chart.one(chart.parse(out), kind)


def test_nothing_of_the_operator_is_there_unless_asked_for():
    code, out, error = chart.run("template", "loadline", chart.CHART, "--values", chart.values_of("default"))
    assert code == 0, error
    assert not [document for document in chart.parse(out) if "monitoring.coreos.com" in document["apiVersion"]]


@pytest.mark.parametrize("row, version", [("sharded", "1.27.0"), ("cronjob-patch", "1.27.0"), ("everything", "1.30.4-gke.100"),
                                          ("default", "1.35.0")])
def test_old_and_new_clusters_get_the_same(row, version):
    assert chart.objects(row, "--kube-version", version) == chart.objects(row)


def test_a_cluster_that_is_too_old_is_refused():
    assert "1.27" in chart.refusal("--kube-version=1.26.9")


# ---- documentation ---------------------------------------------------------------------------------

def test_the_table_of_the_readme_is_that_of_the_values():
    done = subprocess.run([world.SOURCE / "scripts/chart-readme", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_links_of_the_readme_lead_somewhere():
    text = (chart.CHART / "README.md").read_text()
    links = [link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in link]
    assert len(links) > 5
    for link in links:
        # install.md is the work of packaging; a chart alone must not fail for it.
        assert (chart.CHART / link).exists() or link.endswith("install.md"), link


def keys(value, schema, path=()):
    """(path, key of the values, whether the schema names it) of every map that the schema describes."""
    for key, inner in value.items():
        yield path + (key,), key in schema["properties"]
        if isinstance(inner, dict) and "properties" in schema["properties"].get(key, {}):
            yield from keys(inner, schema["properties"][key], path + (key,))


def test_the_schema_names_every_value_and_is_strict():
    schema = json.loads((chart.CHART / "values.schema.json").read_text())
    values = yaml.safe_load((chart.CHART / "values.yaml").read_text())
    assert all(is_named for _, is_named in keys(values, schema))
    assert set(schema["properties"]) - set(values) == {"global", "enabled"}
    for path, inner in schema["properties"].items():
        if "properties" in inner and path != "config":
            assert inner["additionalProperties"] is False, path
