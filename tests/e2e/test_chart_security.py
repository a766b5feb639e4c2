"""What the chart's pods may do: Pod Security "restricted", no token, one way in and two ways out."""
import copy

import pytest

import chart
import pod_security

GOOD = {"spec": {"securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
                 "volumes": [{"name": "config", "configMap": {"name": "config"}}],
                 "containers": [{"name": "app", "securityContext": {"allowPrivilegeEscalation": False,
                                                                    "capabilities": {"drop": ["ALL"]}}}]}}
# Each breaks one point: where, what is put there (None: taken away).
BREACHES = [
    ("spec.hostNetwork", True), ("spec.hostPID", True), ("spec.hostIPC", True),
    ("spec.volumes.0", {"name": "host", "hostPath": {"path": "/"}}),
    ("spec.volumes.0", {"name": "nfs", "nfs": {"server": "nas", "path": "/"}}),
    ("spec.securityContext.runAsNonRoot", None), ("spec.securityContext.runAsNonRoot", False),
    ("spec.securityContext.runAsUser", 0), ("spec.securityContext.seccompProfile", None),
    ("spec.securityContext.seccompProfile.type", "Unconfined"),
    ("spec.securityContext.sysctls", [{"name": "kernel.msgmax", "value": "65536"}]),
    ("spec.securityContext.seLinuxOptions", {"type": "spc_t"}),
    ("spec.securityContext.appArmorProfile", {"type": "Unconfined"}),
    ("spec.securityContext.windowsOptions", {"hostProcess": True}),
    ("metadata", {"annotations": {"container.apparmor.security.beta.kubernetes.io/app": "unconfined"}}),
    ("spec.containers.0.securityContext", None),
    ("spec.containers.0.securityContext.allowPrivilegeEscalation", None),
    ("spec.containers.0.securityContext.allowPrivilegeEscalation", True),
    ("spec.containers.0.securityContext.capabilities.drop", ["NET_RAW"]),
    ("spec.containers.0.securityContext.capabilities.add", ["SYS_ADMIN"]),
    ("spec.containers.0.securityContext.privileged", True),
    ("spec.containers.0.securityContext.procMount", "Unmasked"),
    ("spec.containers.0.securityContext.runAsUser", 0),
    ("spec.containers.0.securityContext.runAsNonRoot", False),
    ("spec.containers.0.securityContext.seccompProfile", {"type": "Unconfined"}),
    ("spec.containers.0.securityContext.seLinuxOptions", {"role": "sysadm_r"}),
    ("spec.containers.0.securityContext.windowsOptions", {"hostProcess": True}),
    ("spec.containers.0.ports", [{"containerPort": 80, "hostPort": 80}]),
    ("spec.containers.0.livenessProbe", {"httpGet": {"host": "169.254.169.254", "port": 80}}),
    ("spec.initContainers", [{"name": "init"}]), ("spec.ephemeralContainers", [{"name": "debug"}]),
]


def changed(pod, path, value):
    pod = copy.deepcopy(pod)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place = pod
    for step in steps:
        place = place[step] if isinstance(step, int) else place.setdefault(step, {})
    if value is None:
        del place[last]
    else:
        place[last] = value
    return pod


@pytest.mark.parametrize("path, value", BREACHES)
def test_the_check_finds_a_pod_that_breaks_a_point(path, value):
    assert not pod_security.breaches(GOOD)
    assert pod_security.breaches(changed(GOOD, path, value))


@pytest.mark.parametrize("row", chart.ROWS)
def test_every_pod_keeps_pod_security_restricted(row):
    found = list(chart.pods(chart.objects(row)))
    assert len(found) == 2  # the workload and that of `helm test`
    for kind, pod in found:
        assert not pod_security.breaches(pod), kind
        for each in pod_security.containers(pod["spec"]):
            assert each["name"] == "proxy" or each["securityContext"]["readOnlyRootFilesystem"], each["name"]


@pytest.mark.parametrize("row", chart.ROWS)
def test_no_pod_has_a_token_or_rights(row):
    documents = chart.objects(row)
    assert not [document["kind"] for document in documents if "rbac" in document["apiVersion"]]
    for document in documents:
        if document["kind"] == "ServiceAccount":
            assert document["automountServiceAccountToken"] is False
    for _, pod in chart.pods(documents):
        assert pod["spec"]["automountServiceAccountToken"] is False
        assert pod["spec"]["enableServiceLinks"] is False


@pytest.mark.parametrize("row", chart.ROWS)
def test_no_credential_stands_in_an_object(row):
    """Credentials are named, never held; files of them are for the pod's group alone."""
    documents = chart.objects(row)
    assert not [document for document in documents if document["kind"] == "Secret"]
    for volume in chart.workload(documents)["spec"]["volumes"]:
        if "secret" in volume:
            assert volume["secret"]["defaultMode"] == 0o440


def test_every_user_of_the_image_is_65532_unless_the_platform_chooses():
    for row in chart.ROWS:
        context = chart.workload(chart.objects(row))["spec"]["securityContext"]
        expected = None if row == "openshift" else 65532
        assert [context.get(key) for key in ("runAsUser", "runAsGroup", "fsGroup")] == [expected] * 3, row


def matches(selector, labels):
    return selector["matchLabels"].items() <= labels.items()


def test_the_network_policy_denies_all_but_what_is_named():
    documents = chart.objects("hardened")
    policy = chart.one(documents, "NetworkPolicy")["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    for _, pod in chart.pods(documents):
        assert matches(policy["podSelector"], pod["metadata"]["labels"])
    [ingress] = policy["ingress"]
    assert [peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"] for peer in ingress["from"]] == \
        ["monitoring", "ingress"]
    assert ingress["ports"] == [{"port": "http", "protocol": "TCP"}]
    assert [[(port["port"], port["protocol"]) for port in rule["ports"]] for rule in policy["egress"]] == \
        [[(9090, "TCP"), (9091, "TCP")], [(53, "UDP"), (53, "TCP"), (8053, "UDP"), (8053, "TCP")]]
    assert all(rule["to"] for rule in policy["egress"])


NOBODY = ("--set=networkPolicy.enabled=true", "--set-json=networkPolicy.prometheus.to=[]", "--set-json=networkPolicy.dns.to=[]",
          "--set-json=networkPolicy.scrapers=[]")


def test_a_network_policy_without_peers_allows_nobody():
    """An empty list of peers in a rule would mean everybody."""
    policy = chart.one(chart.objects("default", *NOBODY), "NetworkPolicy")["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert not policy.get("ingress") and not policy.get("egress")


def test_nothing_reaches_a_job():
    policy = chart.one(chart.objects("cronjob-report", "--set=networkPolicy.enabled=true"), "NetworkPolicy")["spec"]
    assert "ingress" not in policy and len(policy["egress"]) == 2
