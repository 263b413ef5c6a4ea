import sys


def count_flips(work):
    flips = 0
    first = work[0]
    while first:
        work[: first + 1] = work[first::-1]
        flips += 1
        first = work[0]
    return flips


def main(n):
    permutation = list(range(n))
    counts = [0] * n
    checksum = most = index = 0
    while True:
        if permutation[0]:
            flips = count_flips(permutation[:])
            most = max(most, flips)
            checksum += flips if index % 2 == 0 else -flips
        index += 1
        for r in range(1, n):
            permutation.insert(r, permutation.pop(0))
            counts[r] += 1
            if counts[r] <= r:
                break
            counts[r] = 0
        else:
            break
    print(f"{checksum}\nPfannkuchen({n}) = {most}")


main(int(sys.argv[1]))
