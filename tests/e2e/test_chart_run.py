"""The real binary run as the chart says: its configuration, its arguments, its variables, its files."""
import contextlib
import os
import re
import shutil
import ssl
import subprocess
import time
import urllib.request

import pytest
import yaml

import chart
import chart_pod
import world

HERE = {"serve.listen": "127.0.0.1:0"}
SERVING = [row for row in chart.ROWS if not row.startswith("cronjob")]


def leaves(settings, prefix=""):
    """dotted key -> value."""
    found = {}
    for key, value in settings.items():
        found.update(leaves(value, f"{prefix}{key}.") if isinstance(value, dict) and value else {prefix + key: value})
    return found


@pytest.mark.parametrize("row", chart.ROWS)
def test_the_configuration_is_that_of_the_values(row):
    """Key for key; what the chart adds are paths of its mounts, the shards and where patches go."""
    given = leaves(yaml.safe_load(chart.values_of(row).read_text())["config"])
    rendered = leaves(yaml.safe_load(chart.config(chart.objects(row))))
    given = {key: "off" if key == "patch.vpa_mode" else value for key, value in given.items()}
    assert given.items() <= rendered.items()
    added = rendered.keys() - given.keys() - {"serve.total_shards", "patch.output_dir"}
    assert all(str(rendered[key]).startswith(chart_pod.SECRETS) for key in added), added


@pytest.mark.parametrize("row", chart.ROWS)
def test_the_binary_takes_the_configuration_and_refuses_unknown_keys(row, tmp_path):
    local = chart_pod.LocalPod(chart.objects(row), tmp_path)
    path = local.local("/etc/loadline/loadline.yaml")
    done = world.loadline("config", "--config", path, env=local.environment)
    assert done.code == 0, done.err
    wanted = leaves(yaml.safe_load(path.read_text()))
    taken = leaves(yaml.safe_load(done.out))
    assert taken["prometheus.url"] == wanted["prometheus.url"]
    assert taken["serve.total_shards"] == wanted.get("serve.total_shards", 1)
    local.write(path.read_text() + "unknown: 1\n")
    refused = world.loadline("config", "--config", path, env=local.environment)
    assert refused.code == 2 and "unknown" in refused.err


def test_all_keys_pass_through(tmp_path):
    """config/loadline.yaml as the value of `config`: every key with its default. It has a bare `off`, which YAML 1.1 takes for
    false."""
    text = (world.SOURCE / "config/loadline.yaml").read_text().replace('url: ""', "url: http://prometheus:9090", 1)
    values = tmp_path / "values.yaml"
    values.write_text("config:\n" + "".join(f"  {line}\n" for line in text.splitlines()))
    local = chart_pod.LocalPod(chart.objects("default", "--values", str(values)), tmp_path)
    path = local.local("/etc/loadline/loadline.yaml")
    path.write_text(path.read_text().replace(str(local.local(chart_pod.STATE)), chart_pod.STATE))
    done = world.loadline("config", "--config", path)
    assert done.code == 0, done.err
    assert done.out == world.loadline("config", "--set", "prometheus.url=http://prometheus:9090").out


@pytest.mark.parametrize("row", ["sharded", "in-memory", "cronjob-patch"])
def test_sections_without_a_value_keep_their_defaults(row, tmp_path):
    """As a file may have them whose keys are all commented out."""
    values = tmp_path / "values.yaml"
    values.write_text("config:\n  serve:\n  patch:\n  log:\n  policy:\n")
    local = chart_pod.LocalPod(chart.objects(row, "--values", str(values)), tmp_path)
    done = world.loadline("config", "--config", local.local("/etc/loadline/loadline.yaml"), env=local.environment)
    assert done.code == 0, done.err


@pytest.mark.parametrize("row", SERVING)
def test_the_daemon_starts_with_the_pods_arguments_and_variables(row, prometheus, tmp_path):
    """And where nothing of the row is in the way (TLS, a proxy, a cluster's label) it becomes ready."""
    local = chart_pod.LocalPod(chart.objects(row), tmp_path, {**HERE, "prometheus.url": prometheus.url})
    with chart_pod.ServePod(local) as serve:
        assert serve.get("/healthz")[0] == 200
        if row in ("default", "sharded", "in-memory"):
            serve.wait_ready()
        assert serve.get("/readyz")[0] in (200, 503)
        has_users = local.has("serve.basic_auth_file")
        assert serve.get("/metrics")[0] == (401 if has_users else 200)
        serve.log_in(*chart_pod.USERS)
        shards = {"sharded": 3, "everything": 2}.get(row, 1)
        assert serve.json("/api/v1/status")["shard"] == {"index": 0, "total": shards}
        assert serve.term()[0] == 0


@pytest.mark.parametrize("row", SERVING)
def test_the_port_is_the_one_that_is_listened_on(row):
    documents = chart.objects(row)
    [port] = chart.container(chart.workload(documents))["ports"]
    listen = leaves(yaml.safe_load(chart.config(documents))).get("serve.listen", "0.0.0.0:9804")
    assert (port["name"], str(port["containerPort"])) == ("http", listen.rpartition(":")[2])
    [of_service] = chart.one(documents, "Service")["spec"]["ports"]
    assert of_service["targetPort"] == "http"


def openssl(folder, *arguments):
    subprocess.run(["openssl", *map(str, arguments)], cwd=folder, check=True, capture_output=True)


def certificate(folder, name, *extensions):
    """NAME.key and NAME.crt, signed by ca.crt there."""
    openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
    (folder / f"{name}.ext").write_text("\n".join(extensions))
    openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", f"{name}.ext", "-out", f"{name}.crt")


@contextlib.contextmanager
def mutual_tls(cluster, scratch):
    """The URL of a Prometheus that wants a certificate of ca.crt from its clients."""
    openssl(scratch, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.crt", "-days", "2", "-subj", "/CN=ca")
    certificate(scratch, "server", "subjectAltName=IP:127.0.0.1")
    certificate(scratch, "client", "extendedKeyUsage=clientAuth")
    (scratch / "web.yml").write_text("tls_server_config: {cert_file: server.crt, key_file: server.key, client_ca_file: ca.crt, "
                                     "client_auth_type: RequireAndVerifyClientCert}\n")
    (scratch / "prometheus.yml").write_text("global: {}\n")
    address = f"127.0.0.1:{world.free_port()}"
    shutil.copytree(cluster.tsdb(), scratch / "data", copy_function=os.link)
    with open(scratch / "log", "wb") as log, subprocess.Popen(
            ["prometheus", f"--config.file={scratch / 'prometheus.yml'}", f"--storage.tsdb.path={scratch / 'data'}",
             "--storage.tsdb.retention.time=10y", f"--web.config.file={scratch / 'web.yml'}", f"--web.listen-address={address}"],
            stdout=log, stderr=log) as process:
        try:
            wait_for_tls("https://" + address, scratch)
            yield "https://" + address
        finally:
            process.terminate()


def wait_for_tls(url, scratch):
    context = ssl.create_default_context(cafile=scratch / "ca.crt")
    context.load_cert_chain(scratch / "client.crt", scratch / "client.key")
    for _ in range(300):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url + "/-/ready", timeout=1, context=context).close()
            return
        time.sleep(0.1)
    raise AssertionError((scratch / "log").read_text())


def test_a_bundle_and_a_client_certificate_reach_prometheus(cluster, tmp_path):
    """The files of the hardened row, where the chart mounts them, against a Prometheus that asks for them."""
    with mutual_tls(cluster, tmp_path) as url:
        files = {"prometheus.tls.ca_file": tmp_path / "ca.crt", "prometheus.tls.client_certificate_file": tmp_path / "client.crt",
                 "prometheus.tls.client_key_file": tmp_path / "client.key"}
        local = chart_pod.LocalPod(chart.objects("hardened"), tmp_path / "pod", {**HERE, "prometheus.url": url}, files)
        with chart_pod.ServePod(local) as serve:
            serve.wait_ready()


def test_a_changed_config_map_is_taken_without_a_restart(prometheus, tmp_path):
    """As the kubelet brings it: a link to a folder is swapped for one to another."""
    local = chart_pod.LocalPod(chart.objects("default"), tmp_path, {**HERE, "prometheus.url": prometheus.url})
    mount = local.local("/etc/loadline")
    config = yaml.safe_load((mount / "loadline.yaml").read_text())
    (mount / "loadline.yaml").unlink()
    for version, quantile in (("..1", 0.95), ("..2", 0.5)):
        chart_pod.put(config, "policy.cpu.quantile", quantile)
        (mount / version).mkdir()
        (mount / version / "loadline.yaml").write_text(yaml.safe_dump(config))
    (mount / "..data").symlink_to("..1")
    (mount / "loadline.yaml").symlink_to("..data/loadline.yaml")
    with chart_pod.ServePod(local) as serve:
        serve.wait_ready()
        (mount / "..data_tmp").symlink_to("..2")
        (mount / "..data_tmp").rename(mount / "..data")
        serve.wait_for(lambda _: serve.json("/api/v1/recommendations")["policy"]["cpu"]["quantile"] == 0.5)
        assert not serve.events("some settings take effect at the next start only")


def start_settings(*flags):
    return chart.workload(chart.objects("default", *flags))["metadata"]["annotations"]["checksum/start-settings"]


@pytest.mark.parametrize("setting, restarts", [
    ("config.serve.listen=0.0.0.0:9000", True), ("config.serve.state_dir=/var/lib/loadline/x", True), ("config.log.format=json", True),
    ("credentials.users.existingSecret=a", True), ("shards=2", True), ("config.serve.interval=1m", False),
    ("config.policy.cpu.quantile=0.9", False), ("config.prometheus.matchers=a", False), ("commonLabels.a=b", False)])
def test_only_what_serve_cannot_take_by_itself_restarts_the_pod(setting, restarts):
    assert (start_settings(f"--set={setting}") != start_settings()) == restarts


def test_a_report_by_the_clock(prometheus, tmp_path):
    local = chart_pod.LocalPod(chart.objects("cronjob-report"), tmp_path, {"prometheus.url": prometheus.url}, name="loadline-29-x")
    done = local.run()
    assert done.code == 0, done.err
    assert "<html" in (local.local(chart_pod.STATE) / "loadline-29-x.html").read_text()


def test_patches_by_the_clock(prometheus, tmp_path):
    local = chart_pod.LocalPod(chart.objects("cronjob-patch"), tmp_path, {"prometheus.url": prometheus.url})
    done = local.run()
    assert done.code == 0, done.err
    tree = local.local(chart_pod.STATE) / "patches"
    assert {path.name for path in tree.iterdir()} >= {"loadline-patches.json", "kustomize", "json6902"}


def test_a_job_has_no_use_for_the_pages_users(tmp_path):
    documents = chart.objects("cronjob-report", "--set=credentials.users.existingSecret=a,credentials.bearerToken.existingSecret=b")
    local = chart_pod.LocalPod(documents, tmp_path)
    assert local.has("prometheus.bearer_token_file") and not local.has("serve.basic_auth_file")


def test_the_publisher_runs_after_loadline_on_its_volume():
    pod = chart.workload(chart.objects("cronjob-patch"))["spec"]
    [first], [then] = pod["initContainers"], pod["containers"]
    assert (first["name"], then["name"]) == ("loadline", "publisher")
    assert {"name": "state", "mountPath": chart_pod.STATE} in then["volumeMounts"]


def test_helm_test_asks_whether_prometheus_serves(prometheus, tmp_path):
    documents = chart.objects("default")
    [pod] = [found for kind, found in chart.pods(documents) if kind == "Pod"]
    assert chart.one(documents, "Pod")["metadata"]["annotations"]["helm.sh/hook"] == "test"
    done = chart_pod.LocalPod(documents, tmp_path, {"prometheus.url": prometheus.url}, pod=pod).run()
    assert done.code in (0, 3), done.err
    assert "remote" in done.out


def notes(row, *flags):
    code, out, error = chart.run("install", "loadline", chart.CHART, "--namespace", "rightsizing", "--dry-run=client", "--values",
                                 chart.values_of(row), "--set=checkCapabilities=false", *flags)
    assert code == 0, error
    return out.partition("\nNOTES:\n")[2]


def test_the_commands_of_the_notes_work(prometheus, tmp_path):
    """Those that are run inside the pod, with a workload that there is."""
    local = chart_pod.LocalPod(chart.objects("default"), tmp_path, {"prometheus.url": prometheus.url})
    commands = re.findall(r"^ +(loadline .*)", notes("default"), re.MULTILINE)
    assert [command.split()[1] for command in commands] == ["explain", "patch"]
    report = world.loadline("report", "--prometheus", prometheus.url, "--output", "json").json()["recommendations"]
    row = next(row for row in report if row["kind"] == "Deployment" and row["verdict"] == "change")
    for command in commands:
        command = local.localized(command.replace("NAMESPACE", row["namespace"]).replace("NAME", row["workload"]))
        done = world.loadline(*command.split()[1:], env=local.environment)
        assert done.code == 0 and row["workload"] in done.out, done.err


@pytest.mark.parametrize("row", chart.ROWS)
def test_the_notes_name_objects_that_there_are(row):
    text = notes(row)
    names = {(document["kind"].lower(), document["metadata"]["name"]) for document in chart.objects(row)}
    named = set(re.findall(r"\b(service|deployment|statefulset|cronjob)/([\w-]+)", text))
    assert named and named <= names
    assert ("is in an emptyDir" in text) == (row == "in-memory")
    assert ("Nothing scrapes it yet" in text) == (row in ("default", "mimir", "openshift"))
