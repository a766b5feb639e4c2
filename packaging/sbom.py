"""The SPDX 2.3 document of an image: reads names of Debian packages, prints JSON. scripts/image runs it.

Licences are those that a package's machine-readable copyright file declares for any of its source's files, so more than
what the shared library alone is under; a package without such a file has none asserted."""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import uuid
from urllib.parse import quote

# Libraries that end up inside the program, by a header of each. The others are shared, and found by ldd.
BUILT_IN = ("CLI/CLI.hpp", "SQLiteCpp/SQLiteCpp.h", "boost/version.hpp", "dtl/dtl.hpp", "nlohmann/json.hpp",
            "protozero/version.hpp", "tl/expected.hpp")

# Debian's short names of licences that SPDX has under another identifier, and those it has under the same.
SPDX = {"Apache-2": "Apache-2.0", "Artistic": "Artistic-1.0-Perl", "BSD-2-clause": "BSD-2-Clause",
        "BSD-3-clause": "BSD-3-Clause", "BSD-4-clause": "BSD-4-Clause", "Expat": "MIT", "zlib": "Zlib",
        "GFDL-1.2+": "GFDL-1.2-or-later", "GPL-1+": "GPL-1.0-or-later", "GPL-2": "GPL-2.0-only",
        "GPL-2+": "GPL-2.0-or-later", "GPL-2.0+": "GPL-2.0-or-later", "GPL-3": "GPL-3.0-only",
        "GPL-3+": "GPL-3.0-or-later", "LGPL-2": "LGPL-2.0-only", "LGPL-2+": "LGPL-2.0-or-later",
        "LGPL-2.1": "LGPL-2.1-only", "LGPL-2.1+": "LGPL-2.1-or-later", "LGPL-3+": "LGPL-3.0-or-later",
        "OpenLDAP-2.8": "OLDAP-2.8"}
SPDX.update({name: name for name in (
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC-BY-3.0", "CC-BY-4.0", "CC0-1.0", "FSFULLR",
    "ISC", "MIT", "MIT-CMU", "MPL-1.1", "MPL-2.0", "OLDAP-2.8", "OpenSSL", "X11", "Zlib", "curl")})

MACHINE_READABLE = re.compile(r"^Format(-Specification)?: *https?://www\.debian\.org/doc/packaging-manuals/copyright-format")


def identifier(text):
    return re.sub(r"[^A-Za-z0-9.-]+", "-", text).strip("-")


class Licences:
    """Turns Debian's names of licences into expressions, and remembers those that SPDX has no identifier for."""

    def __init__(self):
        self.others = {}

    def _one(self, name, package):
        if name in SPDX:
            return SPDX[name]
        reference = "LicenseRef-Debian-" + identifier(name)
        self.others.setdefault(reference, (name, package))
        return reference

    def _expression(self, text, package):
        words = re.split(r",?\s+(and|or)\s+", text, flags=re.IGNORECASE)
        parts = [self._one(word, package) if index % 2 == 0 else word.upper() for index, word in enumerate(words)]
        return parts[0] if len(parts) == 1 else "({})".format(" ".join(parts))

    def of(self, package):
        text = pathlib.Path("/usr/share/doc", package, "copyright").read_text(encoding="utf-8", errors="replace")
        if not MACHINE_READABLE.match(text):
            return "NOASSERTION"
        names = {name.strip() for paragraph in re.split(r"\n\s*\n", text) if paragraph.lstrip().startswith("Files:")
                 for name in re.findall(r"^License:(.*)$", paragraph, re.MULTILINE)}
        return " AND ".join(sorted({self._expression(name, package) for name in names if name})) or "NOASSERTION"

    def extracted(self):
        return [{"licenseId": reference, "name": name, "extractedText": f"See /usr/share/doc/{package}/copyright."}
                for reference, (name, package) in sorted(self.others.items())]


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def built_in_packages():
    found = output_of("dpkg-query", "-S", *("/usr/include/" + header for header in BUILT_IN))
    return sorted({line.split(":")[0] for line in found.splitlines()})


def distribution():
    fields = dict(line.split("=", 1) for line in pathlib.Path("/etc/os-release").read_text().splitlines() if "=" in line)
    return fields["ID"].strip('"'), fields["VERSION_ID"].strip('"')


def described(name, version, licence, purpose, purl, supplier="NOASSERTION"):
    return {"SPDXID": "SPDXRef-" + identifier(f"{purpose}-{name}"), "name": name, "versionInfo": version,
            "supplier": supplier, "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
            "primaryPackagePurpose": purpose, "licenseConcluded": "NOASSERTION", "licenseDeclared": licence,
            "copyrightText": "NOASSERTION",
            "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}]}


def debian_packages(names, licences):
    distro, release = distribution()
    rows = output_of("dpkg-query", "-W", "-f", "${Package}\t${Version}\t${Architecture}\t${source:Package}\n", *names)
    for name, version, architecture, source in sorted({tuple(row.split("\t")) for row in rows.splitlines()}):
        purl = (f"pkg:deb/{distro}/{quote(name, safe='')}@{quote(version, safe='')}"
                f"?arch={architecture}&distro={distro}-{release}&upstream={quote(source, safe='')}")
        yield described(name, version, licences.of(name), "LIBRARY", purl, f"Organization: {distro.capitalize()}")


def related(one, kind, other):
    return {"spdxElementId": one["SPDXID"], "relationshipType": kind, "relatedSpdxElement": other["SPDXID"]}


def document(arguments, names):
    licences = Licences()
    image = described("loadline-image", arguments.version, "NOASSERTION", "CONTAINER",
                      f"pkg:oci/loadline@{quote(arguments.digest, safe='')}?tag={arguments.version}")
    program = described("loadline", arguments.version, "Apache-2.0", "APPLICATION", f"pkg:generic/loadline@{arguments.version}")
    shared = list(debian_packages(names, licences))
    built_in = list(debian_packages(built_in_packages(), licences))
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"loadline-{arguments.version}",
        "documentNamespace": uuid.uuid5(uuid.NAMESPACE_OID, arguments.digest).urn,
        "creationInfo": {"created": arguments.created, "creators": [f"Tool: loadline-scripts-image-{arguments.version}"]},
        "packages": [image, program, *shared, *built_in],
        "hasExtractedLicensingInfos": licences.extracted(),
        "relationships": [
            {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": image["SPDXID"]},
            *(related(image, "CONTAINS", package) for package in [program, *shared]),
            *(related(program, "STATIC_LINK", package) for package in built_in)]}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("version", "created", "digest"):
        parser.add_argument("--" + name, required=True)
    arguments = parser.parse_args()
    json.dump(document(arguments, sys.stdin.read().split()), sys.stdout, indent=1)
    print()


main()
