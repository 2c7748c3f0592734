"""A warm step that writes a text from each prompt word by word, as a text model does:
with PAUSE seconds between the words."""
import json
import sys
import time


def say(**message):
    print(json.dumps(message), flush=True)


for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "hello":
        say(type="ready")
    elif message["type"] == "item":
        words = f"This is what was written about the {message['text']}.".split(" ")
        for number, word in enumerate(words, 1):
            time.sleep(message["with"]["pause"])
            say(type="text", id=message["id"], text=word if number == 1 else " " + word)
            say(type="progress", id=message["id"], done=number, total=len(words), fraction=number / len(words))
        say(type="done", id=message["id"])
