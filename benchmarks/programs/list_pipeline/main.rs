// A vector for each step, as the lists in the other languages.
fn main() {
    let n: i64 = std::env::args().nth(1).unwrap().parse().unwrap();
    let numbers: Vec<i64> = (0..n).map(|i| i * 7919 % 1000003).collect();
    let tripled: Vec<i64> = numbers.iter().map(|x| x * 3 + 1).collect();
    let even: Vec<i64> = tripled.iter().copied().filter(|x| x % 2 == 0).collect();
    let chosen: Vec<i64> = even.iter().map(|x| x / 2).collect();
    let total = chosen.iter().fold(0i64, |sum, x| (sum * 31 + x) & 0xffffffff);
    let reversed: Vec<i64> = chosen.iter().rev().copied().collect();
    println!("{} {} {}", chosen.len(), total, reversed[0]);
}
