"""level.py DEPTH COUNT PAUSE: starts itself DEPTH - 1 times below; the last one prints the time
of each of COUNT lines, and flushes nothing. Those above hand their child's output on, or print it
again line by line (DEPTH 2)."""
import subprocess
import sys
import time

depth, count, pause = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
if depth > 1:
    print(f"level {depth} begins")
    command = [sys.executable, __file__, str(depth - 1), str(count), str(pause)]
    if depth == 2:
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            for line in child.stdout:
                print(line, end="")
    else:
        subprocess.run(command, check=True)
    print(f"level {depth} ends")
else:
    for _ in range(count):
        time.sleep(pause)
        print(f"at {time.time() * 1000:.3f}")
