"""Kubernetes' Pod Security Standards, profile "restricted", point by point, as its documentation lists them."""

VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
SYSCTLS = {"kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start",
           "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports",
           "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
           "net.ipv4.tcp_keepalive_probes"}
SELINUX_TYPES = {"", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}
PROFILES = {"RuntimeDefault", "Localhost"}


def breaches(pod):
    """Each point of the profile that a pod ({metadata, spec}) does not keep, one line each."""
    spec = pod["spec"]
    return [*_host(spec), *_volumes(spec), *_annotations(pod), *_sysctls(spec),
            *_contexts("the pod", spec.get("securityContext", {})),
            *(line for each in containers(spec) for line in _container(each, spec.get("securityContext", {})))]


def containers(spec):
    return [each for kind in ("initContainers", "containers", "ephemeralContainers") for each in spec.get(kind, [])]


def _host(spec):
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        if spec.get(key):
            yield f"{key} is set"
    if spec.get("securityContext", {}).get("windowsOptions", {}).get("hostProcess"):
        yield "the pod is a HostProcess"


def _volumes(spec):
    for volume in spec.get("volumes", []):
        for kind in volume.keys() - {"name"} - VOLUMES:
            yield f"volume {volume['name']} is a {kind}"


def _annotations(pod):
    for key, value in pod.get("metadata", {}).get("annotations", {}).items():
        if key.startswith("container.apparmor.security.beta.kubernetes.io/") and \
                value != "runtime/default" and not value.startswith("localhost/"):
            yield f"{key}: {value}"


def _sysctls(spec):
    for sysctl in spec.get("securityContext", {}).get("sysctls", []):
        if sysctl["name"] not in SYSCTLS:
            yield f"sysctl {sysctl['name']}"


def _contexts(who, context):
    """What holds for a pod's security context and for a container's."""
    if context.get("runAsUser") == 0:
        yield f"{who} runs as user 0"
    selinux = context.get("seLinuxOptions", {})
    if selinux.get("type", "") not in SELINUX_TYPES or selinux.get("user") or selinux.get("role"):
        yield f"{who} sets SELinux options"
    if context.get("appArmorProfile", {}).get("type", "RuntimeDefault") not in PROFILES:
        yield f"{who} has no AppArmor profile"
    if context.get("seccompProfile", {}).get("type", "RuntimeDefault") not in PROFILES:
        yield f"{who} has no seccomp profile"


def _container(each, of_pod):
    who, context = f"container {each['name']}", each.get("securityContext", {})
    yield from _contexts(who, context)
    if context.get("privileged"):
        yield f"{who} is privileged"
    if context.get("windowsOptions", {}).get("hostProcess"):
        yield f"{who} is a HostProcess"
    if context.get("procMount", "Default") != "Default":
        yield f"{who} has a /proc of its own"
    if any("hostPort" in port for port in each.get("ports", [])):
        yield f"{who} has a port of the host"
    for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
        for handler in ("httpGet", "tcpSocket"):
            if each.get(probe, {}).get(handler, {}).get("host"):
                yield f"{who}: {probe} names a host"
    yield from _restricted(who, context, of_pod)


def _restricted(who, context, of_pod):
    """What "restricted" asks for beyond "baseline"."""
    if context.get("allowPrivilegeEscalation") is not False:
        yield f"{who} may gain privileges"
    if not context.get("runAsNonRoot", of_pod.get("runAsNonRoot")):
        yield f"{who} may run as root"
    if not (context.get("seccompProfile") or of_pod.get("seccompProfile")):
        yield f"{who} asks for no seccomp profile"
    capabilities = context.get("capabilities", {})
    if "ALL" not in capabilities.get("drop", []):
        yield f"{who} keeps capabilities"
    if set(capabilities.get("add", [])) - {"NET_BIND_SERVICE"}:
        yield f"{who} adds capabilities"
