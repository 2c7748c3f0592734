"""
Joins the lines of the meeting to one recording, meeting.wav: python3 join.py
meeting.mp3 is that one, smaller: ffmpeg -i meeting.wav -ar 22050 -b:a 48k meeting.mp3
"""

import glob
import wave

PAUSE = 0.6  # seconds

lines = sorted(glob.glob("lines/*.wav"))
with wave.open("meeting.wav", "wb") as meeting:
    for number, name in enumerate(lines):
        with wave.open(name) as line:
            if number == 0:
                meeting.setparams(line.getparams())
            elif line.getframerate() != meeting.getframerate():
                raise SystemExit(f"{name} has another rate: let one engine speak all lines")
            meeting.writeframes(line.readframes(line.getnframes()))
            silence = bytes(int(PAUSE * line.getframerate()) * line.getsampwidth())
            meeting.writeframes(silence)
print(f"meeting.wav: {len(lines)} lines")
