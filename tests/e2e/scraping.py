"""A Prometheus that scrapes a running `loadline serve` and reads the generated cluster's series from another one, so
that one server answers for both, as a user's does. And what PromQL says by itself: which metrics it names."""
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request

import world

RULES = world.SOURCE / "helm/loadline/rules/loadline.yaml"
# Beside what loadline exports: series of every cluster with kubelets and kube-state-metrics.
EVERYBODY_HAS = {
    "container_cpu_usage_seconds_total", "container_memory_working_set_bytes",
    "kube_pod_container_resource_requests", "kube_pod_container_resource_limits",
}
CONFIG = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [{rules}]
scrape_configs:
  - job_name: any-name
    honor_labels: true
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
  - job_name: another-name
    honor_labels: true
    static_configs: [{{targets: ["localhost:{port}"]}}]
remote_read:
  - {{url: "{history}/api/v1/read", read_recent: true}}
"""


class Scraper(world.Server):
    """The Prometheus; `serve` is what it scrapes. It does so as two instances, as while one pod follows another: no sum
    over containers may count one twice."""

    def __init__(self, serve, history, scratch):
        self.serve = serve
        config = scratch / "scraper.yml"
        config.write_text(CONFIG.format(rules=RULES, port=serve.port, history=history.url))
        address = f"127.0.0.1:{world.free_port()}"
        super().__init__(["prometheus", f"--config.file={config}", f"--storage.tsdb.path={scratch / 'scraper'}",
                          f"--web.listen-address={address}"],
                         "http://" + address, "/-/ready", scratch / "scraper.log")

    def wait_scrapes(self, count, seconds=30):
        """Until there were that many scrapes."""
        end = time.monotonic() + seconds
        while not self.instant(f"count_over_time(loadline_ready[1h]) >= {count}"):
            assert time.monotonic() < end, f"no {count} scrapes within {seconds} s"
            time.sleep(0.2)

    def instant(self, expression):
        """The samples of an instant query, now. One that Prometheus refuses is a failure."""
        return self._result("/api/v1/query", query=expression)

    def over_time(self, expression, seconds=60, step=5):
        """The series of a range query that ends now."""
        now = time.time()
        return self._result("/api/v1/query_range", query=expression, start=now - seconds, end=now, step=step)

    def _result(self, path, **form):
        try:
            return self.get(path, **form)["data"]["result"]
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{form['query']}\n{json.load(refused)['error']}") from refused


KEYWORDS = {"by", "without", "on", "ignoring", "group_left", "group_right", "and", "or", "unless", "bool", "offset",
            "inf", "nan"}
STRING = re.compile(r'"(?:[^"\\]|\\.)*"' + r"|'(?:[^'\\]|\\.)*'")
NAMED_BY_MATCHER = re.compile(r'__name__\s*=\s*"([^"]+)"')
LABEL_LIST = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")


def metric_names(expression):
    """The metrics that a PromQL expression reads."""
    text = STRING.sub('""', expression)
    text = LABEL_LIST.sub(" ", re.sub(r"\{[^}]*\}|\[[^\]]*\]", " ", text))
    words = re.findall(r"(?<![\w.:])([a-zA-Z_:][\w:]*)(?!\w)(?!\s*\()", text)
    return {word for word in words if word.lower() not in KEYWORDS} | set(NAMED_BY_MATCHER.findall(expression))


def documented_metrics():
    """Every name in the tables of docs/metrics.md, as Prometheus stores it."""
    text = (world.SOURCE / "docs/metrics.md").read_text()
    names = set()
    for name, kind in re.findall(r"^\| `(\w+)` \| (\w+) \|", text, re.MULTILINE):
        suffixes = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
        names.update(name + suffix for suffix in suffixes)
    return names


def exported_metrics(serve):
    """Every name in /metrics."""
    return {sample.split("{")[0] for sample in serve.metrics()}
