"""Prints the bars of tqdm: bars.py plain|ascii|endless|scaled|slow|nested|wiped."""
import sys
import time

from tqdm import tqdm

kind = sys.argv[1]
pause = float(sys.argv[2]) if len(sys.argv) > 2 else 0.02

if kind == "plain":
    for _ in tqdm(range(40), desc="Séparation"):
        time.sleep(pause)
elif kind == "ascii":
    bar = tqdm(range(40), ascii=True, ncols=70)
    for index in bar:
        bar.set_postfix(loss=f"{1 / (index + 1):.3f}")
        time.sleep(pause)
elif kind == "endless":
    for _ in tqdm((index for index in range(45)), unit="tokens"):
        time.sleep(pause)
elif kind == "scaled":
    with tqdm(total=3_000_000, unit="B", unit_scale=True, desc="model.bin") as bar:
        for _ in range(30):
            time.sleep(pause)
            bar.update(100_000)
elif kind == "slow":
    for _ in tqdm(range(3), unit="song"):
        time.sleep(1.2)
elif kind == "nested":
    for _ in tqdm(range(3), desc="epochs"):
        for _ in tqdm(range(10), desc="steps", leave=False):
            time.sleep(pause)
elif kind == "wiped":
    for _ in tqdm(range(20), leave=False):
        time.sleep(pause)
    print("done", file=sys.stderr)
