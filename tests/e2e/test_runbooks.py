"""The commands of the runbooks, each of them tried: what they ask loadline for is there, what they look for in its log
is what it writes, and what they print of its JSON has that name."""
import re

import pytest

import scraping
import world

PAGES = sorted(path for path in (world.SOURCE / "docs/runbooks").glob("Loadline*.md"))
PROMQL = re.compile(r"^```promql\n(.*?)^```", re.MULTILINE | re.DOTALL)
# A runbook may look further than its alert: at what only some have.
SOME_HAVE = {"up", "kubelet_volume_stats_used_bytes", "kubelet_volume_stats_capacity_bytes", "container_memory_rss",
             "kube_pod_container_status_last_terminated_reason"}


def found(pattern):
    """(page, what the pattern's group holds) wherever a page has it."""
    return [pytest.param(match, id=f"{path.stem}: {match}") for path in PAGES
            for match in re.findall(pattern, path.read_text(), re.MULTILINE)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_queries_can_be_asked(scraper, path):
    queries = PROMQL.findall(path.read_text())
    assert queries
    for query in queries:
        scraper.instant(query)
        names = scraping.metric_names(query)
        assert names <= scraping.documented_metrics() | scraping.EVERYBODY_HAS | SOME_HAVE, query


@pytest.mark.parametrize("path", found(r"http://localhost:9804(/\S*)"))
def test_paths_are_answered(scraper, path):
    assert scraper.serve.get(path)[0] == 200


@pytest.mark.parametrize("command", found(r"^    loadline (.*)$"))
def test_commands_run(scraper, prometheus, command):
    """The Prometheus is that of the generated cluster, the file the default one."""
    arguments = [prometheus.url if word.startswith("http://") else
                 str(world.SOURCE / "config" / word) if word == "loadline.yaml" else word for word in command.split()]
    if "config" in arguments:
        arguments += ["--prometheus", prometheus.url]
    done = world.loadline(*arguments)
    assert done.code == 0, done.err


@pytest.mark.parametrize("path, names", [param.values[0] for param in found(
    r"http://localhost:9804(/\S*) (?:\\\n +)?\| jq (?:-r )?'?\{?\.?([\w., ]+)")])
def test_json_has_the_fields(scraper, path, names):
    for name in names.split(","):
        value = scraper.serve.json(path)
        for key in name.strip().strip(".").split("."):
            assert key in value, (path, name)
            value = value[key]


def events():
    """The text of loadline's own log lines: strings of its sources."""
    sources = (path.read_text() for path in (world.SOURCE / "src").rglob("*.cpp"))
    return "\n".join(text for source in sources for text in re.findall(r'"([^"\n]{6,})"', source))


@pytest.mark.parametrize("pattern", found(r"kubectl .* logs .*\| grep (?:-E )?'([^']*)'"))
def test_log_lines_exist(scraper, pattern):
    log = "\n".join(str(line) for line in scraper.serve.lines).replace("'", '"').replace('": ', '":')
    if "level" in pattern:
        assert re.search(pattern.replace("error|warning", "info"), log)
        return
    prefix, alternatives, suffix = re.fullmatch(r"([^(]*)(?:\(([^)]*)\))?(.*)", pattern).groups()
    wanted = [prefix + one + suffix for one in alternatives.split("|")] if alternatives else pattern.split("|")
    for one in wanted:
        assert one in events(), one
