"""Makes a short tune, so that there is one to take apart: tune.py NAME OUTPUT. The same name gives the same tune."""

import math
import random
import struct
import sys
import wave

RATE = 44100
BEAT = 60 / 104
BARS = 4
CHORDS = [(57, 60, 64), (53, 57, 60), (60, 64, 67), (55, 59, 62)]

name, path = sys.argv[1:]
chance = random.Random(name)
left = [0.0] * int(RATE * BEAT * 4 * (BARS + 0.5))
right = list(left)


def add(start, seconds, sound, side=0.5):
    """Adds sound(t) at a place in seconds, from the left (0) to the right (1)."""
    first = int(start * RATE)
    for index in range(min(int(seconds * RATE), len(left) - first)):
        value = sound(index / RATE)
        left[first + index] += value * (1 - side)
        right[first + index] += value * side


def hertz(note):
    return 440 * 2 ** ((note - 69) / 12)


def organ(note, seconds):
    step = 2 * math.pi * hertz(note)
    return lambda t: (math.sin(step * t) + math.sin(2 * step * t) / 3) * 0.11 * min(1, t * 30, (seconds - t) * 30)


def bass(note, seconds):
    step = 2 * math.pi * hertz(note - 24)
    return lambda t: (math.sin(step * t) + math.sin(3 * step * t) / 5) * 0.3 * min(1, t * 100, (seconds - t) * 40)


for bar in range(BARS):
    chord = CHORDS[bar % len(CHORDS)]
    begin = bar * 4 * BEAT
    for number, note in enumerate(chord):
        add(begin, 4 * BEAT, organ(note, 4 * BEAT), number / 2)
    for beat in range(4):
        at = begin + beat * BEAT
        add(at, BEAT * 0.8, bass(chord[0], BEAT * 0.8))
        add(at, BEAT * 0.4, organ(chance.choice(chord) + 12, BEAT * 0.4), 0.35)
        if beat % 2 == 0:
            add(at, 0.25, lambda t: 0.8 * math.sin(2 * math.pi * (48 * t + 4 * (1 - math.exp(-t * 30)))) * math.exp(-t * 16))
        else:
            add(at, 0.2, lambda t: 0.35 * chance.uniform(-1, 1) * math.exp(-t * 24))
        for half in (0, 0.5):
            add(at + half * BEAT, 0.05, lambda t: 0.15 * chance.uniform(-1, 1) * math.exp(-t * 90), 0.7)
    print(f"{bar + 1}/{BARS} bars", flush=True)

loudest = max(map(abs, left + right))
frames = (round(value / loudest * 29000) for pair in zip(left, right) for value in pair)
with wave.open(path, "wb") as file:
    file.setparams((2, 2, RATE, 0, "NONE", None))
    file.writeframes(b"".join(struct.pack("<h", value) for value in frames))
