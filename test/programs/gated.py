"""Says a few lines, waits for a file `go` or `go-NAME`, and makes a result; `bad` fails until there is a file `mended`.

gated.py NAME OUTPUT
"""
import os
import sys
import time

name, output = sys.argv[1:]
for number in range(3):
    print(f"\x1b[3{number + 1}m{name} {number + 1}\x1b[0m", flush=True)
while not (os.path.exists("go") or os.path.exists(f"go-{name}")):
    time.sleep(0.05)
if name == "bad" and not os.path.exists("mended"):
    sys.exit("bad as told")
with open(output, "w") as file:
    file.write(f"made by {name}")
