#!/usr/bin/python3
"""Looks like Demucs from outside: its options, its bars by the real tqdm, its files. It separates nothing.

The environment says what goes wrong: FAIL for an exit code, HANG to wait for ever.
"""
import argparse
import math
import os
import struct
import sys
import time
import wave
from pathlib import Path

from tqdm import tqdm

RATE = 44100
parser = argparse.ArgumentParser("demucs")
parser.add_argument("-n", "--name", default="htdemucs")
parser.add_argument("--shifts", type=int, default=1)
parser.add_argument("--two-stems", dest="stem")
parser.add_argument("--float32", action="store_true")
parser.add_argument("--int24", action="store_true")
parser.add_argument("-o", "--out", type=Path)
parser.add_argument("--filename")
parser.add_argument("tracks", type=Path)
args = parser.parse_args()

with wave.open(str(args.tracks)) as track:
    seconds = track.getnframes() / track.getframerate()
models = 4 if args.name == "htdemucs_ft" else 1
if models > 1:
    print(f"Selected model is a bag of {models} models. You will see that many progress bars per track.")
print(f"Separated tracks will be stored in {(args.out / args.name).resolve()}")
with tqdm(total=80_000_000, unit="B", unit_scale=True, unit_divisor=1024) as bar:
    for _ in range(10):
        time.sleep(0.01)
        bar.update(8_000_000)
print(f"Separating track {args.tracks}")
if "FAIL" in os.environ:
    print("RuntimeError: no such weights", file=sys.stderr)
    sys.exit(int(os.environ["FAIL"]))
# As apply_model has it: for each model and each shift a bar, whose steps are segments and which counts seconds.
STRIDE = 5.85
segments = [index * STRIDE for index in range(math.ceil(seconds / STRIDE))]
for _ in range(models * args.shifts):
    for offset in tqdm(segments, unit_scale=STRIDE, ncols=120, unit="seconds"):
        time.sleep(0.12)
        if "HANG" in os.environ and offset > 0:
            time.sleep(3600)

stems = ["drums", "bass", "other", "vocals"]
if args.stem:
    stems = [args.stem, f"no_{args.stem}"]
for number, stem in enumerate(stems):
    name = args.filename.format(track=args.tracks.stem, stem=stem, ext="wav")
    path = args.out / args.name / name
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = int(seconds * RATE)
    if args.float32:
        data = struct.pack("<ff", number / 8, number / 16) * samples
        form = struct.pack("<HHIIHH", 3, 2, RATE, RATE * 8, 8, 32)
    else:
        data = struct.pack("<hh", number * 4096, number * 2048) * samples
        form = struct.pack("<HHIIHH", 1, 2, RATE, RATE * 4, 4, 16)
    with open(path, "wb") as file:
        file.write(b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<I", 16) + form)
        file.write(b"data" + struct.pack("<I", len(data)) + data)
