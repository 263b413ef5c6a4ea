use std::fmt::Write;

fn hash(text: &str) -> u32 {
    text.chars().fold(7u32, |h, c| h.wrapping_mul(31).wrapping_add(c as u32))
}

fn main() {
    let n: i32 = std::env::args().nth(1).unwrap().parse().unwrap();
    let mut text = String::new();
    for i in 1..=n {
        text.push_str("item ");
        write!(text, "{}", i).unwrap();
        text.push(',');
        text.push_str(&(i * 7 % 1000).to_string());
        text.push('\n');
    }
    println!("{} {}", text.len(), hash(&text));
    let pieces: Vec<String> = (1..=n).map(|i| "<".to_string() + &i.to_string() + ">").collect();
    let joined = pieces.join(";");
    println!("{} {}", joined.len(), hash(&joined));
    let longest = (1..=n / 10)
        .map(|i| format!("{} has {} of {:08x}", "name", i, i * 31).len())
        .max();
    println!("{}", longest.unwrap_or(0));
}
