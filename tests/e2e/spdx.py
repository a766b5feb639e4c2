"""What SPDX 2.3 asks of a document, re-stated for the parts that ours has."""
import re

DOCUMENT = {"spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace", "creationInfo", "packages",
            "hasExtractedLicensingInfos", "relationships"}
PACKAGE = {"SPDXID", "name", "versionInfo", "supplier", "downloadLocation", "filesAnalyzed", "primaryPackagePurpose",
           "licenseConcluded", "licenseDeclared", "copyrightText", "externalRefs"}
PURPOSES = {"APPLICATION", "CONTAINER", "LIBRARY"}
KINDS = {"CONTAINS", "DESCRIBES", "STATIC_LINK"}
IDENTIFIER = re.compile(r"SPDXRef-[A-Za-z0-9.-]+")
PURL = re.compile(r"pkg:[a-z]+/([a-z0-9.+-]+/)?[A-Za-z0-9._%+-]+@[A-Za-z0-9._%~-]+(\?[a-z]+=[^&]+(&[a-z]+=[^&]+)*)?")
# Of SPDX' list of licences, those that packages of ours are under.
LICENCES = set("""0BSD Apache-2.0 Artistic-1.0-Perl BSD-2-Clause BSD-3-Clause BSD-4-Clause BSL-1.0 CC-BY-3.0 CC-BY-4.0
    CC0-1.0 FSFULLR GFDL-1.2-or-later GPL-1.0-or-later GPL-2.0-only GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later ISC
    LGPL-2.0-only LGPL-2.0-or-later LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-or-later MIT MIT-CMU MPL-1.1 MPL-2.0
    OLDAP-2.8 OpenSSL X11 Zlib curl""".split())


def problems(sbom):
    """What is wrong, one line each."""
    return list(_document(sbom)) + [f"{package.get('name')}: {problem}" for package in sbom["packages"]
                                    for problem in _package(package, _extracted(sbom))]


def related(sbom, kind):
    """The packages at the other end of the relationships of that kind."""
    by_id = {package["SPDXID"]: package for package in sbom["packages"]}
    return [by_id[relation["relatedSpdxElement"]] for relation in sbom["relationships"] if relation["relationshipType"] == kind]


def _extracted(sbom):
    return {info["licenseId"] for info in sbom["hasExtractedLicensingInfos"]}


def _document(sbom):
    if set(sbom) != DOCUMENT:
        yield f"fields: {set(sbom) ^ DOCUMENT}"
    if (sbom["spdxVersion"], sbom["dataLicense"], sbom["SPDXID"]) != ("SPDX-2.3", "CC0-1.0", "SPDXRef-DOCUMENT"):
        yield "not an SPDX 2.3 document"
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*:[^#\s]+", sbom["documentNamespace"]):
        yield "documentNamespace is no URI"
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", sbom["creationInfo"]["created"]):
        yield "created is no time in UTC"
    if not all(re.match(r"(Tool|Organization|Person): ", creator) for creator in sbom["creationInfo"]["creators"] or [""]):
        yield "creators lack what they are"
    for info in sbom["hasExtractedLicensingInfos"]:
        if not (re.fullmatch(r"LicenseRef-[A-Za-z0-9.-]+", info["licenseId"]) and info["extractedText"]):
            yield f"licence {info}"
    yield from _relationships(sbom)


def _relationships(sbom):
    known = {"SPDXRef-DOCUMENT", *(package["SPDXID"] for package in sbom["packages"])}
    if len(known) != len(sbom["packages"]) + 1:
        yield "two packages have one SPDXID"
    reached = {"SPDXRef-DOCUMENT"}
    for relation in sbom["relationships"]:
        if relation["relationshipType"] not in KINDS or relation["spdxElementId"] not in known:
            yield f"relationship {relation}"
        reached.add(relation["relatedSpdxElement"])
    if reached != known:
        yield f"not related, or not there: {reached ^ known}"


def _package(package, extracted):
    if set(package) != PACKAGE:
        yield f"fields: {set(package) ^ PACKAGE}"
    if not IDENTIFIER.fullmatch(package["SPDXID"]) or package["primaryPackagePurpose"] not in PURPOSES:
        yield "SPDXID or purpose"
    if package["filesAnalyzed"] is not False or not package["versionInfo"]:
        yield "files or version"
    [reference] = package["externalRefs"]
    if reference["referenceType"] != "purl" or not PURL.fullmatch(reference["referenceLocator"]):
        yield f"purl {reference}"
    if package["licenseDeclared"] != "NOASSERTION":
        words = re.findall(r"[^\s()]+", package["licenseDeclared"])
        if unknown := set(words) - LICENCES - extracted - {"AND", "OR"}:
            yield f"licences {unknown}"
