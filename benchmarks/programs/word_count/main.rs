use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};

fn main() {
    let path = std::env::args().nth(1).unwrap();
    let mut counts: HashMap<String, i32> = HashMap::new();
    for line in BufReader::new(File::open(path).unwrap()).lines() {
        for word in line.unwrap().split(' ').filter(|word| !word.is_empty()) {
            match counts.get_mut(word) {
                Some(count) => *count += 1,
                None => {
                    counts.insert(word.to_string(), 1);
                }
            }
        }
    }
    let mut ordered: Vec<(&String, &i32)> = counts.iter().collect();
    ordered.sort_by(|(a, n), (b, m)| m.cmp(n).then(a.cmp(b)));
    let total: i32 = counts.values().sum();
    println!("{} words, {} different", total, ordered.len());
    for (word, count) in ordered.iter().take(10) {
        println!("{} {}", word, count);
    }
}
