"""Becomes another program that dies with its parent, and that isn't root where it must not be.

Run as a script by `portal.embedded.process`, with the standard library alone: with threads about, Python
can't safely run between fork and exec; a fresh interpreter can.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import sys
from pathlib import Path

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
NOBODY = 65534


def die_with_parent(signal: int, parent: int) -> None:
    """Have the kernel send `signal` to this process when its parent, of process id `parent`, ends."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the line above
        os._exit(1)


def enter_namespace() -> None:
    """Be `nobody` to oneself, while one's files are root's. Raises OSError where that is forbidden."""
    user, group = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} {group} 1")


def become_nobody() -> None:
    account = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def main(mode: str, signal: str, parent: str, *command: str) -> None:
    """`mode` is self, namespace or nobody. Exit status 126: the mode is impossible here."""
    try:
        if mode == "namespace":
            enter_namespace()
        elif mode == "nobody":
            become_nobody()
    except (OSError, KeyError):
        sys.exit(126)
    # Last: a change of user clears it.
    die_with_parent(int(signal), int(parent))
    os.execv(command[0], command)


if __name__ == "__main__":
    main(*sys.argv[1:])
