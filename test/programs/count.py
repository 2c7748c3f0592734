"""count.py NAME COUNT PAUSE: prints `NAME 1` to `NAME COUNT`, so many seconds apart."""
import sys
import time

name, count, pause = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
for number in range(1, count + 1):
    print(f"{name} {number}")
    time.sleep(pause)
