"""Works for a few seconds and draws a bar like tqdm's. It neither flushes nor runs with -u."""

import sys
import time

name = sys.argv[1]
total = 60
print(f"working on {name}")
for done in range(1, total + 1):
    time.sleep(0.05)
    percent = 100 * done // total
    blocks = "#" * (percent // 10)
    sys.stderr.write(f"\r{percent:3d}%|{blocks:<10}| {done}/{total} [00:{done // 20:02d}<00:{(total - done) // 20:02d}, 20.00it/s]")
sys.stderr.write("\n")
print(f"finished {name}")
