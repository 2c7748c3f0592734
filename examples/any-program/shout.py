"""A warm step: one process serves every item, so that a model would be loaded once."""

import json
import sys


def say(**message):
    print(json.dumps(message), flush=True)


for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "hello":
        say(type="ready")
    elif message["type"] == "item":
        item = message["id"]
        text = message["text"] if "text" in message else open(message["file"]).read()
        say(type="progress", id=item, fraction=0.5)
        say(type="done", id=item, text=text.upper() + message["with"]["end"])
