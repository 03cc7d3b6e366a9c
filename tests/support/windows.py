"""A program that runs `clincore` without the modules and functions that Windows lacks."""

import importlib
import os
import pkgutil
import signal
import socket
import sys

MODULES = ("crypt", "curses", "fcntl", "grp", "nis", "pty", "pwd", "readline", "resource", "spwd", "syslog", "termios")
NAMES = {
    os: "O_NOFOLLOW chown chroot fchmod fchown fork forkpty getegid geteuid getgid getgroups getpgid getresuid"
    " getsid getuid initgroups killpg lchown mkfifo nice openpty pread pwrite register_at_fork setegid seteuid setgid"
    " setgroups setpgid setsid setuid uname wait wait3 wait4",
    signal: "SIGALRM SIGCHLD SIGHUP SIGKILL SIGPIPE SIGQUIT SIGTSTP SIGUSR1 SIGUSR2 alarm pause pthread_kill"
    " pthread_sigmask setitimer sigpending sigwait siginterrupt",
    socket: "SO_REUSEPORT recv_fds send_fds",
}


def main() -> None:
    import clincore

    names = [module.name for module in pkgutil.walk_packages(clincore.__path__, "clincore.")]
    names.remove("clincore.__main__")
    # Import all libraries first, with the modules of this system: only ClinCore is under test.
    for name in names:
        importlib.import_module(name)
    for name in [name for name in sys.modules if name.partition(".")[0] == "clincore"]:
        del sys.modules[name]
    sys.modules.update(dict.fromkeys(MODULES))
    for module, missing in NAMES.items():
        for name in missing.split():
            if hasattr(module, name):
                delattr(module, name)
    sys.platform = "win32"
    for name in names:
        importlib.import_module(name)
    # At run time the standard library checks the platform again, and would call functions of Windows.
    sys.platform = "linux"
    importlib.import_module("clincore.cli").main()


if __name__ == "__main__":
    main()
