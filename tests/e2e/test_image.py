"""The container image: what is in it, that two builds are the same, and that its own binary works as Kubernetes'
"restricted" rules run it."""
import contextlib
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import stat
import subprocess
import tarfile
import threading

import pytest

import confined
import spdx
import world
from serving import Serve

NONROOT = 65532
PROGRAM = "/usr/bin/loadline"
STATE = "/var/lib/loadline"
HOST = "prometheus.monitoring.svc"
EPOCH = 1_700_000_000
TOOLS = ("umoci", "skopeo", "jq", "cmake", "strip", "dpkg-query")


def run(*command, **more):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout


def build(output, binary=world.BIN, **more):
    """Runs scripts/image; the digest that it prints."""
    env = {**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH)}
    return run(world.SOURCE / "scripts/image", "--binary", binary, "--output", output, env=env, **more).strip()


class Image:
    """A built image by its layout: `config` and `manifest` as dictionaries, `members` of its only layer by path."""

    def __init__(self, folder):
        self.folder = folder
        self.layout = folder / "oci"
        self.digest = build(folder)
        self.manifest = json.loads(self.blob(self.digest).read_text())
        self.config = json.loads(self.blob(self.manifest["config"]["digest"]).read_text())
        [layer] = self.manifest["layers"]
        self.layer = self.blob(layer["digest"])
        with tarfile.open(self.layer) as tar:
            self.members = {member.name.removeprefix("."): member for member in tar}

    def blob(self, digest):
        return self.layout / "blobs" / digest.replace(":", "/")

    def unpack(self, root):
        """By tar alone: umoci's own unpacking would be checked against itself."""
        root.mkdir()
        run("tar", "--extract", "--numeric-owner", "--same-owner", "--same-permissions", "--directory", root, "--file", self.layer)
        return root


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        pytest.skip(f"no {', '.join(missing)}: scripts/install-deps package")
    return Image(tmp_path_factory.mktemp("image") / "out")


@pytest.fixture(scope="module")
def root(image, tmp_path_factory):
    if not confined.is_allowed():
        pytest.skip("needs root and mount namespaces (CAP_SYS_ADMIN)")
    fs = image.unpack(tmp_path_factory.mktemp("root") / "fs")
    (fs / "etc/hosts").write_text(f"127.0.0.1 {HOST}\n")  # as a kubelet does
    return fs


@pytest.fixture
def volume(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("state")
    os.chown(folder, NONROOT, NONROOT)
    return folder


@pytest.fixture
def inside(image, root, volume):
    """inside(ARGUMENT...): a finished run of the image's program as a container runs it."""
    def ran(*arguments):
        return subprocess.run([*map(str, command(root, volume)), *map(str, arguments)], env=environment(image),
                              capture_output=True, text=True, check=False)
    return ran


def command(root, volume):
    return confined.command(root, volume, STATE, PROGRAM)


def environment(image):
    return {"PATH": os.environ["PATH"], **dict(line.split("=", 1) for line in image.config["config"]["Env"])}


def test_the_configuration_says_how_to_run_it(image):
    config = image.config["config"]
    assert image.config["os"] == "linux"
    assert config["Entrypoint"] == [PROGRAM] and config["Cmd"] == ["serve"]
    assert config["User"] == f"{NONROOT}:{NONROOT}"
    assert list(config["ExposedPorts"]) == ["9804/tcp"] and list(config["Volumes"]) == [STATE]
    assert config["Env"] == ["MALLOC_CONF=thp:always", "LOADLINE_CONFIG=/etc/loadline/loadline.yaml"]
    labels = config["Labels"]
    assert labels["org.opencontainers.image.version"] == project_version()
    assert labels["org.opencontainers.image.created"] == image.config["created"] == "2023-11-14T22:13:20Z"


def project_version():
    return re.search(r"project\(loadline VERSION (\S+)", (world.SOURCE / "CMakeLists.txt").read_text())[1]


def test_nothing_in_it_serves_an_attacker(image):
    """No shell, no interpreter, no setuid, nothing that others may write; all but the state is root's."""
    programs = {path for path, member in image.members.items()
                if member.isfile() and member.mode & 0o111 and not re.search(r"\.so(\.|$)", path)}
    assert programs == {PROGRAM}
    for path, member in image.members.items():
        assert not member.mode & (stat.S_ISUID | stat.S_ISGID), path
        assert member.issym() or not member.mode & 0o022, path
        assert (member.uid, member.gid) == ((NONROOT, NONROOT) if path == STATE else (0, 0)), path
        assert member.isfile() or member.isdir() or member.issym(), path
        assert member.mtime == EPOCH, path
    assert image.members[STATE].mode == 0o700


def test_the_program_leaves_little_to_a_stray_write(image, tmp_path):
    """Position-independent, no stack that can be executed, addresses of functions read-only after the start."""
    with tarfile.open(image.layer) as tar:
        program = tmp_path / "loadline"
        program.write_bytes(tar.extractfile("." + PROGRAM).read())
    assert re.search(r"Type: +DYN", run("readelf", "--file-header", program))
    assert re.search(r"GNU_STACK .* RW ", run("readelf", "--program-headers", "--wide", program))
    assert "BIND_NOW" in run("readelf", "--dynamic", program)


def test_it_is_small(image):
    """29 MiB as it is fetched; half of it is ICU's data, which libarchive's libxml2 brings."""
    assert image.layer.stat().st_size < 34 << 20
    assert sum(member.size for member in image.members.values()) < 80 << 20


def test_the_same_source_gives_the_same_digest(image, tmp_path):
    """Another path of the binary, another umask, another time of the files."""
    binary = tmp_path / "elsewhere"
    shutil.copy(world.BIN, binary)
    assert build(tmp_path / "again", binary, umask=0o077) == image.digest
    [sbom] = image.folder.glob("*.spdx.json")
    assert sbom.read_bytes() == (tmp_path / "again" / sbom.name).read_bytes()


def test_other_tools_can_read_it(image):
    """The layout by skopeo, and the archive as `docker load` takes it."""
    [archive] = image.folder.glob("loadline-*.tar")
    for source in (f"oci:{image.layout}:{project_version()}", f"docker-archive:{archive}"):
        seen = json.loads(run("skopeo", "inspect", "--config", source))
        assert seen["config"]["Entrypoint"] == [PROGRAM] and seen["rootfs"] == image.config["rootfs"]


def test_no_file_of_the_machine_itself_is_in_it(image):
    """Every library is of a package whose licence and status are there too; the authorities are the package's."""
    packages = {path.rpartition("/")[2] for path in image.members if "/status.d/" in path}
    assert {"libc6", "ca-certificates"} < packages
    assert packages == {path.split("/")[4] for path in image.members
                        if path.startswith("/usr/share/doc/") and path.endswith("/copyright")} - {"loadline"}
    with tarfile.open(image.layer) as tar:
        bundle = tar.extractfile("./etc/ssl/certs/ca-certificates.crt").read().decode()
    mozilla = pathlib.Path("/usr/share/ca-certificates/mozilla").glob("*.crt")
    assert bundle.count("BEGIN CERTIFICATE") == len(list(mozilla)) > 100


def test_the_binary_runs_in_it(inside):
    assert inside("version").stdout == f"loadline {project_version()}\n"
    assert "state_dir: /var/lib/loadline" in inside("config").stdout


def test_it_serves_as_nobody_on_a_read_only_root(image, root, volume, prometheus):
    """Prometheus is found by its name: the C library's resolver is complete."""
    url = prometheus.url.replace("127.0.0.1", HOST)
    with Serve(url, STATE, command=command(root, volume), env=environment(image)) as serve:
        serve.wait_ready()
        status = dict(line.split(":\t") for line in pathlib.Path(f"/proc/{serve.pid}/status").read_text().splitlines()
                      if ":\t" in line)
        assert status["Uid"].split() == [str(NONROOT)] * 4 and status["Groups"].strip() == ""
        assert int(status["CapPrm"], 16) == int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
        assert status["NoNewPrivs"] == "1"
        assert serve.json("/api/v1/recommendations")["recommendations"]
        assert serve.metrics()["process_resident_memory_bytes"] > 0
        assert serve.term()[0] == 0, serve.tail()
    assert (volume / "loadline.db").stat().st_uid == NONROOT


def test_the_root_is_read_only_in_these_tests(inside, prometheus):
    report = ("report", "--prometheus", prometheus.url, "--output-file")
    refused = inside(*report, "/etc/report")
    assert refused.returncode == 1 and "Read-only file system" in refused.stderr
    assert inside(*report, STATE + "/report").returncode == 0


def test_a_server_is_judged_by_the_authorities_in_it(inside, tmp_path):
    """One that nobody vouches for is refused for that, not for a lack of authorities."""
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=" + HOST,
        "-addext", "subjectAltName=DNS:" + HOST, "-keyout", tmp_path / "key", "-out", tmp_path / "certificate")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=shake_hands, args=(context, server), daemon=True).start()
        refused = inside("check", "--prometheus", f"https://{HOST}:{server.getsockname()[1]}")
    assert refused.returncode == 2 and "self-signed certificate" in refused.stderr, refused.stderr


def shake_hands(context, server):
    with contextlib.suppress(OSError):  # the client hangs up
        context.wrap_socket(server.accept()[0], server_side=True).close()


def test_the_bill_of_materials_names_everything(image):
    [path] = image.folder.glob("*.spdx.json")
    sbom = json.loads(path.read_text())
    assert spdx.problems(sbom) == []
    packages = {package["name"]: package for package in sbom["packages"]}
    installed = {name.rpartition("/")[2] for name in image.members if "/status.d/" in name}
    linked = {package["name"] for package in spdx.related(sbom, "STATIC_LINK")}
    assert set(packages) == installed | linked | {"loadline", "loadline-image"}
    assert image.digest.removeprefix("sha256:") in packages["loadline-image"]["externalRefs"][0]["referenceLocator"]
    assert packages["zlib1g"]["licenseDeclared"] == "Zlib"
    assert re.match(r"pkg:deb/\w+/libc6@2\.[\w%.+-]+\?arch=\w+&distro=", packages["libc6"]["externalRefs"][0]["referenceLocator"])


def test_every_library_that_is_built_in_is_named(image):
    """Each development package of scripts/install-deps has its library in the image, or is in the program."""
    [path] = image.folder.glob("*.spdx.json")
    named = {package["externalRefs"][0]["referenceLocator"].partition("upstream=")[2]
             for package in json.loads(path.read_text())["packages"]}
    build = re.search(r'^BUILD="([^"]*)"', (world.SOURCE / "scripts/install-deps").read_text(), re.MULTILINE)[1].split()
    sources = run("dpkg-query", "-W", "-f", "${source:Package}\n", *(name for name in build if name.endswith("-dev"))).split()
    assert {source.removesuffix("-defaults") for source in sources} <= {re.sub("^boost[0-9.]+$", "boost", name) for name in named}


def test_the_dockerfile_says_the_same(image):
    """Its last stage copies what scripts/image has made, runs nothing, and ends with the same configuration."""
    text = re.sub(r"\\\n\s*", "", (world.SOURCE / "Dockerfile").read_text())
    said = [tuple(line.split(" ", 1)) for line in text.partition("FROM scratch\n")[2].splitlines()]
    last, config = dict(said), image.config["config"]
    assert "scripts/image --root /image" in text and "scripts/install-deps build package" in text
    assert [value.split(" ", 1)[0] for name, value in said if name == "COPY"] == ["--from=build"] * 2
    assert {name for name, _ in said} == {"ARG", "LABEL", "COPY", "ENV", "USER", "WORKDIR", "VOLUME", "EXPOSE", "ENTRYPOINT", "CMD"}
    assert json.loads(last["ENTRYPOINT"]) == config["Entrypoint"] and json.loads(last["CMD"]) == config["Cmd"]
    assert (last["USER"], last["WORKDIR"], last["VOLUME"]) == (config["User"], config["WorkingDir"], *config["Volumes"])
    assert last["ENV"].split() == config["Env"] and [last["EXPOSE"]] == list(config["ExposedPorts"])
    labels = {name: value.replace("${VERSION}", project_version()) for name, value in re.findall(r'(\S+)="([^"]*)"', last["LABEL"])}
    assert labels.pop("org.opencontainers.image.revision") == "${REVISION}"
    assert labels == {name: value for name, value in config["Labels"].items() if not name.endswith((".created", ".revision"))}
    assert ("ARG", f"VERSION={project_version()}") in said
