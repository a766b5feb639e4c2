"""A pod of the chart as a process on this machine: its arguments and variables as they are rendered, its mounts as folders."""
import base64
import os
import pathlib
import subprocess
import threading
import time

import yaml

import chart
import serving
import world

STATE = "/var/lib/loadline"
SECRETS = "/run/secrets/loadline"
# What the Secrets hold that a row names, by variable; of files by the configuration's key.
VARIABLES = {"LOADLINE_PROMETHEUS_BASIC_AUTH_USERNAME": "somebody", "LOADLINE_PROMETHEUS_HEADERS": "X-Scope-OrgID: team-a\nX-Other: b",
             "LOADLINE_PROMETHEUS_PROXY_URL": "http://somebody:secret@127.0.0.1:9"}
USERS = ("ann", "secret")


class LocalPod:
    """`changes` are put into the configuration: dotted key -> value. A file that the configuration names below the mounts of
    Secrets is written unless `files` (dotted key -> path) has one to copy."""

    def __init__(self, documents, folder, changes=None, files=None, pod=None, name="loadline-0"):
        self.pod = pod or chart.workload(documents)
        self.folder = pathlib.Path(folder)
        self.mounts = {mount["mountPath"]: mount["name"] for mount in chart.container(self.pod)["volumeMounts"]}
        self.name = name
        settings = yaml.safe_load(chart.config(documents))
        self.files = files or {}
        self.secret_keys = set()
        for mount in self.mounts:
            self.local(mount).mkdir(parents=True, exist_ok=True)
        self._write_secrets(settings)
        for key, value in (changes or {}).items():
            put(settings, key, value)
        self.write(yaml.safe_dump(settings))

    def local(self, path):
        """Where a path of the container is on this machine. One that no mount holds is an error: the root is read-only."""
        path = str(path)
        assert any(path == mount or path.startswith(mount + "/") for mount in self.mounts), f"{path} is on no volume"
        return self.folder / path.lstrip("/")

    def localized(self, text):
        for mount in sorted(self.mounts, key=len, reverse=True):
            text = text.replace(mount, str(self.local(mount)))
        return text

    def _write_secrets(self, settings, prefix=""):
        for key, value in settings.items():
            if isinstance(value, dict):
                self._write_secrets(value, f"{prefix}{key}.")
            elif isinstance(value, str) and value.startswith("/run/secrets/"):
                self.secret_keys.add(prefix + key)
                given = self.files.get(prefix + key)
                self.local(value).write_text(given.read_text() if given else ":".join(USERS) + "\n")

    def has(self, key):
        """Whether the configuration names a mounted file by that key."""
        return key in self.secret_keys

    def write(self, config):
        self.local("/etc/loadline/loadline.yaml").write_text(self.localized(config))

    @property
    def arguments(self):
        return [self.localized(argument).replace("$(POD_NAME)", self.name) for argument in chart.container(self.pod)["args"]]

    @property
    def environment(self):
        """The variables, by their kind."""
        found = {}
        for variable in chart.container(self.pod)["env"]:
            source = variable.get("valueFrom", {})
            if "fieldRef" in source:
                assert source["fieldRef"]["fieldPath"] == "metadata.name"
                found[variable["name"]] = self.name
            else:
                found[variable["name"]] = VARIABLES[variable["name"]] if source else variable["value"]
        return found

    def run(self):
        """Of a pod that ends."""
        return world.loadline(*self.arguments, env=self.environment)


def put(settings, key, value):
    *steps, last = key.split(".")
    for step in steps:
        settings = settings.setdefault(step, {})
    settings[last] = value


class ServePod(serving.Serve):
    """A pod of `serve`, running."""

    def __init__(self, local):  # not Serve's: the arguments are the chart's alone
        self.lines, self.other, self.headers = [], [], {}
        clean = {name: value for name, value in os.environ.items()
                 if not name.startswith("LOADLINE_") and name not in ("POD_NAME", "HOSTNAME")}
        self.began = time.monotonic()
        self.process = subprocess.Popen([str(world.BIN), *local.arguments], env={**clean, **local.environment}, cwd="/",
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def log_in(self, user, password):
        self.headers["Authorization"] = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
