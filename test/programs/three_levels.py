"""three_levels.py COUNT [LEVEL]: a program that starts a second, which starts a third. The third
prints COUNT lines at random moments, each with its number and the time; none flushes, none is
started with -u."""
import random
import subprocess
import sys
import time

count = int(sys.argv[1])
level = int(sys.argv[2]) if len(sys.argv) > 2 else 1
if level < 3:
    print(f"level {level} begins")
    subprocess.run([sys.executable, __file__, str(count), str(level + 1)], check=True)
    print(f"level {level} ends")
else:
    for number in range(1, count + 1):
        time.sleep(random.uniform(0.01, 0.04))
        print(f"line {number} at {time.time() * 1000:.3f}")
    # Whoever watches has a moment for the last line, too.
    time.sleep(0.3)
