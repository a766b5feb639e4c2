"""Fixtures of the end-to-end tests; README.md in this folder says how to run them."""
import functools

import pytest

import scraping
import serving
import world


def pytest_configure(config):
    config.addinivalue_line("markers", "sanitized: also run with the sanitizers' build")


@pytest.fixture(scope="session")
def cluster():
    """25 workloads, 14 days and more, scraped every 30 s."""
    return world.Cluster("cluster")


@pytest.fixture(scope="session")
def prometheus(cluster, tmp_path_factory):
    with world.prometheus(cluster, tmp_path_factory.mktemp("prometheus")) as server:
        yield server


@pytest.fixture(scope="session")
def scraper(prometheus, tmp_path_factory):
    """A Prometheus that has scraped a ready `loadline serve` a few times."""
    scratch = tmp_path_factory.mktemp("scraper")
    with serving.Serve(prometheus.url, scratch / "state", "--interval", "1s", "--set",
                       f"patch.output_dir={scratch / 'patches'}") as serve:
        serve.wait_ready()
        serve.get("/")
        with scraping.Scraper(serve, prometheus, scratch) as server:
            server.wait_scrapes(4)
            yield server


@pytest.fixture(scope="session")
def victoria_metrics(cluster, tmp_path_factory):
    with world.victoria_metrics(cluster, tmp_path_factory.mktemp("victoria")) as server:
        yield server


@pytest.fixture(scope="session")
def servers(request):
    """A server by name, started when first asked for."""
    return lambda name: request.getfixturevalue(name)


@pytest.fixture(scope="session")
def report_by():
    """report_by(server, path): the JSON report of that server by that read path, made once."""
    @functools.lru_cache(maxsize=None)
    def report(url, path):
        done = world.loadline("report", "--prometheus", url, "--read-path", path, "--output", "json")
        assert done.code == 0, done.err
        return done.json()
    return lambda server, path: report(server.url, path)
