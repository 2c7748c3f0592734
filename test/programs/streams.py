"""
Warm steps that stream text into each other, and keep a diary with the time of what they do.

    streams.py give DIARY    writes the words of its input one by one, slowly; `break` says after how many the
                             first attempt dies, `fail` after how many it answers an error, when some are taken
    streams.py take DIARY    says what comes; `pace` is the seconds that a piece takes it, `die` after how many
                             pieces it dies, `refuse` that it takes nothing
"""

import json
import sys
import time
import os

role, diary = sys.argv[1:3]


def say(**message):
    print(json.dumps(message), flush=True)


def note(text):
    with open(diary, "a") as file:
        file.write(f"{time.time():.3f} {role} {text}\n")


def once(name):
    """Whether this is the first time that anyone asks for the name."""
    try:
        os.close(os.open(f"{diary}.{name}", os.O_CREAT | os.O_EXCL))
        return True
    except FileExistsError:
        return False


def until_taken():
    while "take piece" not in open(diary).read():
        time.sleep(0.01)


def give(message):
    item, options = message["id"], message["with"]
    words = message["text"].split() * options.get("times", 1)
    begun = message.get("begun", "")
    note(f"begin {json.dumps(begun)}")
    for number, word in enumerate(words[len(begun.split()):], len(begun.split()) + 1):
        say(type="text", id=item, text=("" if number == 1 else " ") + word)
        note(f"word {number}")
        say(type="progress", id=item, fraction=number / len(words))
        if number == options.get("break") and once("broken"):
            sys.exit(3)
        if number == options.get("fail") and once("failed"):
            until_taken()
            say(type="error", id=item, message="The giver failed.")
            return
        time.sleep(options.get("pause", 0.02))
    say(type="done", id=item)


texts = {}


def take(message):
    kind, item = message["type"], message["id"]
    if kind == "item":
        note(f"begin {'stream' if message.get('stream') else 'whole'}")
        texts[item] = (message["with"], [])
        if message["with"].get("refuse"):
            say(type="error", id=item, message="The taker refuses.", retry=False)
            return
        if not message.get("stream"):
            text = message["text"] if "text" in message else open(message["file"]).read()
            say(type="done", id=item, text=text.upper())
    elif kind == "piece":
        options, parts = texts[item]
        parts.append(message["text"])
        note(f"piece {message['piece']}")
        time.sleep(options.get("pace", 0))
        if len(parts) == options.get("die") and once("died"):
            sys.exit(4)
        say(type="took", id=item, piece=message["piece"])
        say(type="text", id=item, text=message["text"].upper())
    elif kind == "end":
        say(type="done", id=item)
    elif kind == "cancel":
        note("cancel")
        say(type="error", id=item, message="cancelled")


for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "hello":
        say(type="ready", streams=["out", "resume"] if role == "give" else ["in", "out"])
    elif role == "give" and message["type"] == "item":
        give(message)
    elif role == "take":
        take(message)
