fn count_flips(work: &mut [usize]) -> i32 {
    let mut flips = 0;
    while work[0] != 0 {
        let first = work[0];
        work[..=first].reverse();
        flips += 1;
    }
    flips
}

fn next(permutation: &mut [usize], counts: &mut [usize]) -> bool {
    for r in 1..permutation.len() {
        permutation[..=r].rotate_left(1);
        counts[r] += 1;
        if counts[r] <= r {
            return true;
        }
        counts[r] = 0;
    }
    false
}

fn main() {
    let n: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    let mut permutation: Vec<usize> = (0..n).collect();
    let (mut counts, mut work) = (vec![0; n], vec![0; n]);
    let (mut checksum, mut most, mut index) = (0, 0, 0);
    loop {
        if permutation[0] != 0 {
            work.copy_from_slice(&permutation);
            let flips = count_flips(&mut work);
            most = most.max(flips);
            checksum += if index % 2 == 0 { flips } else { -flips };
        }
        index += 1;
        if !next(&mut permutation, &mut counts) {
            break;
        }
    }
    println!("{}\nPfannkuchen({}) = {}", checksum, n, most);
}
