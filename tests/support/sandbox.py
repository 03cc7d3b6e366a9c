"""Run a command under the system-call filter of a unit of systemd: `python sandbox.py UNIT COMMAND...`.

Without systemd as the first process this is the part of a unit's sandbox that can be had: SystemCallFilter, with
libseccomp, and MemoryDenyWriteExecute, by the kernel. Everything that the command starts inherits both.
"""

import ctypes
import errno
import os
import re
import subprocess
import sys
from pathlib import Path

ALLOW = 0x7FFF0000
REFUSE = 0x00050000 | errno.EPERM
PR_SET_NO_NEW_PRIVS, PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN = 38, 65, 1


def groups() -> dict[str, set[str]]:
    """What each group of system calls, such as @system-service, contains; groups may contain groups."""
    listed = subprocess.run(["systemd-analyze", "syscall-filter"], capture_output=True, text=True, check=True).stdout
    found: dict[str, set[str]] = {}
    for line in re.sub(r"\x1b\[[\d;]*m", "", listed).splitlines():
        if line.startswith("@"):
            members = found[line.strip()] = set()
        elif line.startswith("    ") and not line.strip().startswith("#"):
            members.add(line.strip())
        elif line.startswith("#"):
            # Calls of the kernel that are in no group.
            break
    return found


def allowed(unit: str) -> set[str]:
    """The system calls that the lines SystemCallFilter= of the unit allow, one after the other."""
    known = groups()

    def expand(name: str) -> set[str]:
        return set().union(*map(expand, known[name])) if name.startswith("@") else {name}

    # systemd.exec(5): these are always allowed.
    calls = expand("@default") | {"execve", "exit", "exit_group", "getrlimit", "rt_sigreturn", "sigreturn"}
    for mark, words in re.findall(r"^SystemCallFilter=(~?)(.*)$", unit, re.MULTILINE):
        named = set().union(*map(expand, words.split()))
        calls = calls - named if mark else calls | named
    return calls


def enter(unit: str) -> None:
    """Apply the filter to this process. OSError: the kernel or libseccomp refuses."""
    libc, seccomp = ctypes.CDLL(None, use_errno=True), ctypes.CDLL("libseccomp.so.2")
    seccomp.seccomp_init.restype = ctypes.c_void_p
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs")
    # Linux 6.3 or later.
    if "\nMemoryDenyWriteExecute=yes\n" in unit and libc.prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0):
        print("the kernel cannot refuse memory that is writable and executable", file=sys.stderr)
    context = ctypes.c_void_p(seccomp.seccomp_init(REFUSE))
    for name in sorted(allowed(unit)):
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        # Negative: another architecture has this call.
        if number >= 0 and seccomp.seccomp_rule_add_array(context, ALLOW, number, 0, None):
            raise OSError(f"no rule for {name}")
    if seccomp.seccomp_load(context):
        raise OSError("the filter cannot be loaded")


if __name__ == "__main__":
    enter(Path(sys.argv[1]).read_text())
    os.execvp(sys.argv[2], sys.argv[2:])
