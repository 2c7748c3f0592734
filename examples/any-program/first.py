"""Starts a second program, which starts a third. Each prints as it works; none flushes its output."""

import subprocess
import sys

print("first: starting the second")
subprocess.run([sys.executable, "second.py"], check=True)
print("first: done")
