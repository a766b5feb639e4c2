"""docs/install.md: every block of values is one that the chart takes and whose configuration the binary takes; the other YAML
is what it says it is."""
import re
import subprocess

import pytest
import yaml

import world

CHART = world.SOURCE / "helm/loadline"
TEXT = (world.SOURCE / "docs/install.md").read_text()
BLOCKS = {block.partition("\n")[0].removeprefix("# "): block for block in re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)}
VALUES = sorted(name for name in BLOCKS if name.startswith("values: "))
OPERATOR = [f"monitoring.coreos.com/v1/{kind}" for kind in ("ServiceMonitor", "PodMonitor", "PrometheusRule")]


@pytest.fixture(scope="module")
def helm():
    done = subprocess.run([world.SOURCE / "scripts/test-tools"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("no helm: " + done.stderr.strip())
    return done.stdout.strip() + "/helm"


def accepted(document, folder, env=None):
    """The binary takes it as its configuration, with those variables."""
    path = folder / "loadline.yaml"
    path.write_text(document if isinstance(document, str) else yaml.safe_dump(document))
    done = world.loadline("config", "--config", path, env=env)
    assert done.code == 0, done.err
    return True


def test_the_document_speaks_of_every_kind_of_prometheus():
    for name in ("kube-prometheus-stack", "plain Prometheus", "Thanos", "Mimir", "VictoriaMetrics", "Amazon", "Google", "Azure", "Grafana Cloud"):
        assert any(name in block for block in VALUES), name
    assert TEXT.count("```yaml\n") == len(BLOCKS), "two blocks have one name"


@pytest.mark.parametrize("name", VALUES)
def test_the_configuration_in_the_values_is_accepted(name, tmp_path):
    assert accepted(yaml.safe_load(BLOCKS[name])["config"], tmp_path)


def secret_variables(rendered):
    """The container's variables that come out of Secrets, as if these said `somebody`."""
    return {name: "somebody" for name in re.findall(r"- name: (LOADLINE_\w+)\n +valueFrom:\n +secretKeyRef:", rendered)}


def holds(whole, part):
    """Whether every key of a nested map is in another, with its value."""
    if isinstance(part, dict):
        return all(key in whole and holds(whole[key], value) for key, value in part.items())
    return whole == part


@pytest.mark.parametrize("name", VALUES)
def test_the_chart_takes_the_values(name, helm, tmp_path):
    """helm checks them against the chart's schema; what it renders holds the configuration, and the binary takes that too."""
    if not (CHART / "Chart.yaml").exists():
        pytest.skip("no helm/loadline here")
    values = tmp_path / "values.yaml"
    values.write_text(BLOCKS[name])
    apis = [argument for api in OPERATOR for argument in ("--api-versions", api)]
    done = subprocess.run([helm, "template", "loadline", CHART, "--namespace", "monitoring", "--values", values, *apis],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    objects = [document for document in yaml.safe_load_all(done.stdout) if document]
    [rendered] = [document["data"]["loadline.yaml"] for document in objects
                  if document["kind"] == "ConfigMap" and "loadline.yaml" in document["data"]]
    assert accepted(rendered, tmp_path, env=secret_variables(done.stdout))
    written = yaml.safe_load(BLOCKS[name])
    assert holds(yaml.safe_load(rendered), written["config"])
    for value, kind in (("serviceMonitor", "ServiceMonitor"), ("prometheusRule", "PrometheusRule"), ("networkPolicy", "NetworkPolicy")):
        assert written.get(value, {}).get("enabled", False) == any(document["kind"] == kind for document in objects), kind


def test_the_scrape_is_one_that_prometheus_takes(tmp_path):
    path = tmp_path / "prometheus.yml"
    path.write_text(BLOCKS["prometheus.yml"])
    done = subprocess.run(["promtool", "check", "config", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert yaml.safe_load(BLOCKS["prometheus.yml"])["scrape_configs"][0]["honor_labels"]


def test_the_configuration_of_the_package_is_accepted(tmp_path):
    assert accepted(BLOCKS["loadline.yaml"], tmp_path)


@pytest.mark.parametrize("path", ["docs/install.md", "docs/security.md", "docs/upgrading.md", "SECURITY.md", "CHANGELOG.md"])
def test_its_links_lead_somewhere(path):
    """Also the files that it names as proof. Those of the chart only where the chart is here."""
    text = (world.SOURCE / path).read_text()
    for link in re.findall(r"\]\(([^):#]+)(?:#[^)]*)?\)", text):
        if CHART.exists() or not link.startswith(("../helm", "runbooks")):
            assert ((world.SOURCE / path).parent / link).exists(), link
    for anchor in re.findall(r"\]\(#([^)]+)\)", text):
        assert anchor in headings(text), anchor
    for named in re.findall(r"tests/[\w/]+\.\w+", text):
        assert (world.SOURCE / named).exists(), named


def headings(text):
    """The anchors of a document's headings, as Git hosts make them."""
    return {re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-") for line in text.splitlines() if line.startswith("#")}
