"""family.py KIND: leaves processes that are hard to end, prints `ready`, and waits (or goes).

group    a child in the same group
session  a child in a session of its own, its pipes closed
daemon   a grandchild whose parent is gone, in a session of its own, its pipes closed
deaf     the same, and all ignore SIGTERM
gone     leaves a daemon and ends
pipe     leaves a child that holds the pipe, and ends
writer   leaves a child that writes one more line, and ends
"""
import os
import signal
import subprocess
import sys
import time

kind = sys.argv[1]
SLEEP = ["sleep", "600"]
quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def daemon():
    if os.fork() > 0:
        return
    os.setsid()
    if os.fork() > 0:
        os._exit(0)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(null, descriptor)
    subprocess.Popen(SLEEP)
    time.sleep(600)
    os._exit(0)


if kind == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if kind == "group":
    subprocess.Popen(SLEEP)
elif kind == "session":
    subprocess.Popen(SLEEP, start_new_session=True, **quiet)
elif kind in ("daemon", "deaf", "gone"):
    daemon()
    time.sleep(0.2)
elif kind == "pipe":
    subprocess.Popen(SLEEP, start_new_session=True)
elif kind == "writer":
    subprocess.Popen(["sh", "-c", "sleep 0.3; echo late"])
print("ready")
if kind not in ("gone", "pipe", "writer"):
    time.sleep(600)
