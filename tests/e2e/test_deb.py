"""The Debian package: its fields, files and unit; two builds are the same."""
import os
import re
import shutil
import subprocess

import pytest

import world

UNIT = "usr/lib/systemd/system/loadline.service"


def run(*command, **more):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(output, binary=world.BIN, **more):
    env = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
    return run(world.SOURCE / "scripts/deb", "--binary", binary, "--output", output, env=env, **more).strip()


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    for tool in ("cpack", "dpkg-deb", "dpkg-shlibdeps", "file"):
        if not shutil.which(tool):
            pytest.skip(f"no {tool}: scripts/install-deps package")
    return build(tmp_path_factory.mktemp("deb"))


@pytest.fixture(scope="module")
def unpacked(package, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    run("dpkg-deb", "--raw-extract", package, folder)
    return folder


def test_its_fields(package):
    version = re.search(r"project\(loadline VERSION (\S+)", (world.SOURCE / "CMakeLists.txt").read_text())[1]
    assert run("dpkg-deb", "--field", package, "Package", "Version") == f"Package: loadline\nVersion: {version}\n"
    architecture = run("dpkg", "--print-architecture").strip()
    assert package.endswith(f"/loadline_{version}_{architecture}.deb")


def test_it_depends_on_the_libraries_that_the_program_loads(package):
    depends = run("dpkg-deb", "--field", package, "Depends")
    for name in ("libc6 (>= ", "libcurl4", "libsqlite3-0", "libjemalloc2", "libstdc++6", "ca-certificates"):
        assert name in depends, depends


def test_its_files(package):
    """Modes and owners, whatever the umask; nothing outside the folders that are meant."""
    lines = [line.split(None, 5) for line in run("dpkg-deb", "--contents", package).splitlines()]
    files = {path: mode for mode, _, _, _, _, path in lines if mode[0] != "d"}
    assert {owner for _, owner, *_ in lines} == {"root/root"}
    assert files.pop("./usr/bin/loadline") == "-rwxr-xr-x"
    assert set(files.values()) == {"-rw-r--r--"}
    docs = "./usr/share/doc/loadline/"
    assert {path for path in files if not path.startswith(docs)} == {"./etc/loadline/loadline.yaml", "./" + UNIT}
    assert {docs + name for name in ("LICENSE", "copyright", "CHANGELOG.md", "SECURITY.md", "docs/install.md")} <= set(files)


def test_an_edited_configuration_survives_an_upgrade(unpacked):
    assert (unpacked / "DEBIAN/conffiles").read_text() == "/etc/loadline/loadline.yaml\n"
    assert (unpacked / "etc/loadline/loadline.yaml").read_text() == world.loadline("config", "--defaults").out


def test_the_program_in_it_runs(unpacked):
    assert run(unpacked / "usr/bin/loadline", "version") == world.loadline("version").out


def test_its_scripts_are_sound(unpacked):
    for name in ("postinst", "prerm", "postrm"):
        script = unpacked / "DEBIAN" / name
        assert os.access(script, os.X_OK)
        run("sh", "-n", script)
        for path in re.findall(r"[^\s\"]*/var/\S*", script.read_text()):
            assert path.startswith("$DPKG_ROOT/"), path


def test_dpkg_installs_and_purges_it(package, tmp_path):
    """Into a root of its own, with the scripts. They must not reach out of it: dpkg says where it is by DPKG_ROOT."""
    if os.geteuid() != 0:
        pytest.skip("dpkg needs root")
    (tmp_path / "var/lib/dpkg/updates").mkdir(parents=True)
    (tmp_path / "var/lib/dpkg/info").mkdir()
    (tmp_path / "var/lib/dpkg/status").touch()
    dpkg = ("dpkg", f"--root={tmp_path}", "--force-depends", "--force-script-chrootless", "--log=/dev/null")
    run(*dpkg, "--install", package)
    assert (tmp_path / "usr/bin/loadline").exists()
    (tmp_path / "var/lib/loadline").mkdir()
    run(*dpkg, "--remove", "loadline")
    assert (tmp_path / "var/lib/loadline").exists() and (tmp_path / "etc/loadline/loadline.yaml").exists()
    run(*dpkg, "--purge", "loadline")
    assert not [path for path in ("etc/loadline", "usr/bin/loadline", "var/lib/loadline") if (tmp_path / path).exists()]


def test_the_unit_is_sound_and_hardened(unpacked, tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze here")
    text = (unpacked / UNIT).read_text()
    assert "ExecStart=/usr/bin/loadline serve --config /etc/loadline/loadline.yaml\n" in text
    unit = tmp_path / "loadline.service"
    unit.write_text(text.replace("/usr/bin/loadline", str(world.BIN)))
    assert run("systemd-analyze", "verify", "--man=no", unit) == ""
    # 0 is closed, 10 is open; what is left is that it may use the network.
    run("systemd-analyze", "security", "--offline=true", "--threshold=15", unit)


def test_the_same_source_gives_the_same_package(package, tmp_path):
    binary = tmp_path / "elsewhere"
    shutil.copy(world.BIN, binary)
    with open(package, "rb") as one, open(build(tmp_path, binary, umask=0o077), "rb") as other:
        assert one.read() == other.read()
