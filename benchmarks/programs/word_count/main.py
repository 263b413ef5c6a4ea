import sys

counts = {}
with open(sys.argv[1]) as file:
    for line in file:
        for word in line.rstrip("\n").split(" "):
            if word:
                counts[word] = counts.get(word, 0) + 1
ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
print(f"{sum(counts.values())} words, {len(ordered)} different")
for word, count in ordered[:10]:
    print(word, count)
