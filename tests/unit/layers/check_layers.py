#!/usr/bin/env python3
"""Checks that the stages form a line: no file of a stage includes a later stage, and each third-party
library stays in its folder and out of the public headers.

    check_layers.py ROOT       check the tree; prints each violation, exit 1 if there is one
    check_layers.py --self-test   prove that planted violations are found
"""
import pathlib
import re
import sys
import tempfile

STAGES = ["model", "prometheus", "inventory", "usage", "store", "recommend", "publish", "config",
          "gitops", "service", "cli"]

# Header prefix of a library -> the one folder that may include it.
LIBRARIES = {
    "tl/": "model",
    "curl/": "prometheus",
    "protozero/": "prometheus",
    "snappy": "prometheus",
    "simdjson": "prometheus",
    "boost/": "usage",
    "sqlite3": "store",
    "SQLiteCpp/": "store",
    "nlohmann/": "publish",
    "prometheus/": "publish",  # prometheus-cpp; our own headers say loadline/prometheus/
    "yaml-cpp/": "config",
    "openssl/": "gitops",
    "archive": "gitops",
    "dtl/": "gitops",
    "civetweb": "service",
    "CivetServer": "service",
    "spdlog/": "service",
    "fmt/": "service",
    "CLI/": "cli",
}
# What a public header may show: std::expected's stand-in, in the header of Result.
PUBLIC = {"include/loadline/model/result.hpp": {"tl/"}}

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def stage_of(path, root):
    """The stage a file belongs to; None for src/main.cpp, which comes after all of them."""
    parts = path.relative_to(root).parts
    folder = parts[2] if parts[0] == "include" else parts[1]
    return folder if folder in STAGES else None


def stage_included(name):
    """The stage an #include names, as loadline/<stage>/x.hpp or as "<stage>/x.hpp"."""
    parts = name.split("/")
    folder = parts[1] if parts[0] == "loadline" and len(parts) > 1 else parts[0]
    return folder if folder in STAGES and len(parts) > 1 else None


def library_included(name, quote):
    """The prefix of a third-party header; a quoted "prometheus/x.hpp" is a private header of ours."""
    for prefix in LIBRARIES:
        if name.startswith(prefix) and not (prefix == "prometheus/" and quote == '"'):
            return prefix
    return None


def violations_in(path, root):
    relative = path.relative_to(root).as_posix()
    stage = stage_of(path, root)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quote, name = match.groups()
        where = f"{relative}:{number}: "
        library = library_included(name, quote)
        if library:
            if relative.startswith("include/"):
                if library not in PUBLIC.get(relative, set()):
                    yield where + f"a public header shows {name}; keep it in a source"
            elif LIBRARIES[library] != stage:
                yield where + f"{name} belongs in src/{LIBRARIES[library]} alone"
            continue
        other = stage_included(name)
        if other and stage and STAGES.index(other) > STAGES.index(stage):
            yield where + f"stage {stage} includes {name} of the later stage {other}"


def violations(root):
    files = [path for folder in ("include", "src") for path in sorted((root / folder).rglob("*"))
             if path.suffix in (".hpp", ".cpp")]
    if not files:
        yield f"{root}: no sources found under include and src"
    for path in files:
        yield from violations_in(path, root)


PLANTED = {  # file, its content, and whether it is a violation
    "src/usage/a.cpp": ('#include "loadline/recommend/policy.hpp"\n', True),
    "src/usage/b.cpp": ('#include "recommend/guards.hpp"\n', True),
    "include/loadline/model/c.hpp": ('  #  include "loadline/cli/x.hpp"\n', True),
    "src/publish/d.cpp": ("#include <curl/curl.h>\n", True),
    "src/usage/e.cpp": ("#include <prometheus/registry.h>\n", True),
    "include/loadline/usage/f.hpp": ("#include <boost/accumulators/accumulators.hpp>\n", True),
    "include/loadline/prometheus/g.hpp": ("#include <tl/expected.hpp>\n", True),
    "src/main.cpp": ("#include <CLI/CLI.hpp>\n", True),
    "src/recommend/ok.cpp": ('#include "loadline/usage/profile.hpp"\n#include <vector>\n', False),
    "src/prometheus/ok.cpp": ('#include <curl/curl.h>\n#include "prometheus/pieces.hpp"\n', False),
    "src/usage/ok.cpp": ('#include "prometheus/pieces.hpp"\n// #include <curl/curl.h>\n', False),
    "include/loadline/model/result.hpp": ("#include <tl/expected.hpp>\n", False),
}


def self_test():
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, (content, _) in PLANTED.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        found = {violation.split(":")[0] for violation in violations(root)}
    expected = {name for name, (_, bad) in PLANTED.items() if bad}
    for name in sorted(expected - found):
        print(f"not found: the violation planted in {name}")
    for name in sorted(found - expected):
        print(f"found in {name}, where there is none")
    return 0 if found == expected else 1


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    if len(arguments) != 1:
        print(__doc__)
        return 2
    found = list(violations(pathlib.Path(arguments[0]).resolve()))
    for violation in found:
        print(violation)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
