fn decompose(rows: &mut Vec<Vec<f64>>) -> f64 {
    let n = rows.len();
    let mut sign = 1.0;
    for k in 0..n {
        let mut pivot = k;
        for i in k + 1..n {
            if rows[i][k].abs() > rows[pivot][k].abs() {
                pivot = i;
            }
        }
        if pivot != k {
            rows.swap(k, pivot);
            sign = -sign;
        }
        let (upper, lower) = rows.split_at_mut(k + 1);
        let top = &upper[k];
        for row in lower {
            let factor = row[k] / top[k];
            row[k] = factor;
            for j in k + 1..n {
                row[j] -= factor * top[j];
            }
        }
    }
    sign
}

fn main() {
    let n: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    let mut seed = 42i64;
    let mut next = || {
        seed = (seed * 1103515245 + 12345) & 0x7fffffff;
        seed as f64 / 2147483648.0 - 0.5
    };
    let mut rows: Vec<Vec<f64>> = (0..n).map(|_| (0..n).map(|_| next()).collect()).collect();
    let mut negative = decompose(&mut rows) < 0.0;
    let mut logarithm = 0.0;
    for i in 0..n {
        logarithm += rows[i][i].abs().ln();
        negative ^= rows[i][i] < 0.0;
    }
    println!("{:.6} {}", logarithm, negative);
}
