"""An optimiser of your own: a warm step that says its iterations, and ends early with the best that it has."""

import json
import random
import sys
import threading


def say(**message):
    print(json.dumps(message), flush=True)


def halve(item, lengths, seed, enough):
    """Divides lengths into two halves whose sums differ as little as can be."""
    chance = random.Random(seed)
    half = [chance.random() < 0.5 for _ in lengths]
    best = sum(lengths)
    for iteration in range(1, 5001):
        tried = [side != (chance.random() < 2 / len(lengths)) for side in half]
        apart = abs(sum(length if side else -length for length, side in zip(lengths, tried)))
        if apart <= best:
            half, best = tried, apart
        say(type="iteration", id=item, iteration=iteration, best=best, bound=sum(lengths) % 2)
        if enough.is_set() or best == sum(lengths) % 2:
            break
    first = [length for length, side in zip(lengths, half) if side]
    say(type="done", id=item, text=f"{best} apart: {first}\n")


enough = {}
for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "hello":
        say(type="ready", canFinish=True)
    elif message["type"] == "item":
        enough[message["id"]] = threading.Event()
        lengths = json.loads(message["text"])
        work = (message["id"], lengths, message["with"]["seed"], enough[message["id"]])
        threading.Thread(target=halve, args=work).start()
    elif message["type"] in ("finish", "cancel"):
        enough[message["id"]].set()
