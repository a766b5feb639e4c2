"""Runs a program as a container runtime would under Kubernetes' "restricted" rules: in an unpacked image that is mounted
read-only, as uid 65532, without capabilities and with no_new_privs; one folder is writable.

    unshare --mount /usr/bin/python3 confined.py ROOT WRITABLE=TARGET PROGRAM ARGUMENT...

No container runtime is needed, but root (or CAP_SYS_ADMIN and the capabilities to become another user)."""
import ctypes
import os
import subprocess
import sys

NONROOT = 65532
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38


def command(root, writable, target, program):
    """The command line that runs a program like that."""
    return ["unshare", "--mount", "--propagation", "private", sys.executable, __file__, root, f"{writable}={target}", program]


def is_allowed():
    """Whether this machine lets us make a mount namespace and become another user."""
    return os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"],
                                                capture_output=True, check=False).returncode == 0


def _mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def _prctl(option, value):
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.prctl(option, value, 0, 0, 0)


def _enter(root, writable, target):
    _mount("--bind", root, root)
    _mount("--bind", writable, root + target)
    _mount("-o", "remount,bind,ro", root)
    _mount("--bind", "/proc", root + "/proc")
    os.chroot(root)
    os.chdir("/")


def _give_up_rights():
    capability = 0
    while _prctl(PR_CAPBSET_DROP, capability) == 0:
        capability += 1
    os.setgroups([])
    os.setgid(NONROOT)
    os.setuid(NONROOT)
    assert _prctl(PR_SET_NO_NEW_PRIVS, 1) == 0


def main():
    root, volume, program = sys.argv[1:4]
    _enter(root, *volume.split("="))
    _give_up_rights()
    os.execv(program, sys.argv[3:])


if __name__ == "__main__":
    main()
