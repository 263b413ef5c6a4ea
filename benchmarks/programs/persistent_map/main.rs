// The standard library has no persistent map; its ordered one is changed in place and copied once.
use std::collections::BTreeMap;

fn next(key: i64) -> i64 {
    (key * 1103515245 + 12345) & 0x7fffffff
}

fn main() {
    let n: i32 = std::env::args().nth(1).unwrap().parse().unwrap();
    let mut map = BTreeMap::new();
    let mut key = 1;
    for i in 1..=n {
        key = next(key);
        map.insert(key as i32, i);
    }
    let mut sum = 0i64;
    key = 1;
    for _ in 0..n {
        key = next(key);
        if let Some(value) = map.get(&(key as i32 ^ 1)) {
            sum += *value as i64;
        }
        sum += map[&(key as i32)] as i64;
    }
    let mut smaller = map.clone();
    key = 1;
    for _ in 0..n / 2 {
        key = next(key);
        smaller.remove(&(key as i32));
    }
    println!("{} {} {}", map.len(), smaller.len(), sum);
}
