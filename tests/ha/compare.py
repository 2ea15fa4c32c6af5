"""Compares the ledger with what is stored, and prints how long each fault lasted.

compare.py LEDGER STORED FAULTS

RPO: acknowledged changes that are not stored. RTO: the longest time after a fault in which nothing was acknowledged.
"""

import sys
from collections import Counter

ledger = [line.rstrip("\n").split("\t") for line in open(sys.argv[1], encoding="utf-8")]
stored = Counter(line.strip() for line in open(sys.argv[2], encoding="utf-8"))
faults = [line.rstrip("\n").split("\t") for line in open(sys.argv[3], encoding="utf-8")]
acknowledged = {words for _, _, words in ledger}
lost = sorted(acknowledged - set(stored))
twice = sorted(words for words, count in stored.items() if count > 1)
times = sorted(float(time) for time, _, _ in ledger)
slow = sorted(int(ms) for _, ms, _ in ledger)

print(f"acknowledged: {len(acknowledged)}, median {slow[len(slow) // 2]} ms, 95 of 100 within {slow[len(slow) * 95 // 100]} ms")
print(f"stored without an acknowledgement (safe to repeat): {len(set(stored) - acknowledged)}")
for index, (begin, text) in enumerate(faults):
    begin = float(begin)
    end = float(faults[index + 1][0]) if index + 1 < len(faults) else times[-1]
    within = [begin, *(time for time in times if begin < time < end)]
    gap = max((later - earlier for earlier, later in zip(within, within[1:])), default=None)
    if gap is None:
        sys.exit(f"after this, nothing was acknowledged any more: {text}")
    print(f"RTO {gap:.1f} s: {text}")
print(f"RPO: {len(lost)} acknowledged changes were lost")
if lost or twice:
    sys.exit(f"lost: {lost[:10]}, stored twice: {twice[:10]}")
