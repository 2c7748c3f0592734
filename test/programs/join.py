"""A warm step that joins all that it is given, as JSON."""

import json
import sys

for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "hello":
        print(json.dumps({"type": "ready"}), flush=True)
    elif message["type"] == "item":
        texts = {
            name: (made["text"] if "text" in made else open(made["file"]).read()).strip()
            for name, made in message["inputs"].items()
        }
        done = {"type": "done", "id": message["id"], "text": json.dumps(texts)}
        print(json.dumps(done), flush=True)
