import time

for number in range(1, 21):
    print(f"third: line {number} of 20")
    time.sleep(0.1)
