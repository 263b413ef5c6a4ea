import sys


def main(n):
    counts = {}
    key = 1
    for i in range(1, n + 1):
        key = (key * 1103515245 + 12345) & 0x7FFFFFFF
        k = key % (n // 4)
        count = counts.get(k)
        counts[k] = i if count is None else (count + i + 2**31) % 2**32 - 2**31
    total = 0
    for k in range(n // 2 + 1):
        if k in counts:
            total += counts[k]
            if k % 3 == 0:
                del counts[k]
    names = {}
    for i in range(1, n // 4 + 1):
        name = "key" + str(i * 7 % (n // 8))
        names[name] = names.get(name, 0) + 1
    print(len(counts), total, len(names), max(names.values()))


main(int(sys.argv[1]))
