import subprocess
import sys

print("second: starting the third")
subprocess.run([sys.executable, "third.py"], check=True)
print("second: done")
