use std::collections::HashMap;

fn main() {
    let n: i64 = std::env::args().nth(1).unwrap().parse().unwrap();
    let mut counts: HashMap<i32, i32> = HashMap::new();
    let mut key = 1i64;
    for i in 1..=n {
        key = (key * 1103515245 + 12345) & 0x7fffffff;
        let count = counts.entry((key % (n / 4)) as i32).or_insert(0);
        *count = count.wrapping_add(i as i32);
    }
    let mut sum = 0i64;
    for k in 0..=(n / 2) as i32 {
        if counts.contains_key(&k) {
            sum += counts[&k] as i64;
            if k % 3 == 0 {
                counts.remove(&k);
            }
        }
    }
    let mut names: HashMap<String, i32> = HashMap::new();
    for i in 1..=n / 4 {
        *names.entry(format!("key{}", i * 7 % (n / 8))).or_insert(0) += 1;
    }
    let most = names.values().copied().max().unwrap_or(0);
    println!("{} {} {} {}", counts.len(), sum, names.len(), most);
}
