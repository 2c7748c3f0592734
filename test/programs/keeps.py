"""A warm step that fails twice and counts its attempts in the folder that it may keep things in."""

import json
import os
import sys

for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "hello":
        print(json.dumps({"type": "ready"}), flush=True)
    elif message["type"] == "item":
        os.makedirs(message["keep"], exist_ok=True)
        with open(os.path.join(message["keep"], "attempts"), "a+") as file:
            file.write("x")
            file.seek(0)
            attempt = len(file.read())
        answer = {"type": "error", "message": f"attempt {attempt}"}
        if attempt == 3:
            answer = {"type": "done", "text": f"attempt {attempt}"}
        print(json.dumps({"id": message["id"], **answer}), flush=True)
