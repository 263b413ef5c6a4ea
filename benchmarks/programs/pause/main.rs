use std::time::{Duration, Instant};

struct List {
    head: i32,
    tail: Option<Box<List>>,
}

struct Cell {
    key: i32,
    name: String,
    values: Option<Box<List>>,
}

fn make(key: i32) -> Box<Cell> {
    let mut values = None;
    for head in (key..key + 3).rev() {
        values = Some(Box::new(List { head, tail: values }));
    }
    Box::new(Cell { key, name: format!("cell {}", key), values })
}

fn length(cell: &Cell) -> i32 {
    let mut n = 0;
    let mut rest = &cell.values;
    while let Some(list) = rest {
        n += (list.head >= cell.key) as i32;
        rest = &list.tail;
    }
    n
}

fn main() {
    let count = std::env::args().nth(1).unwrap().parse::<i32>().unwrap() * 5000;
    let mut cells: Vec<Box<Cell>> = (0..count).map(make).collect();
    let start = Instant::now();
    let mut longest = Duration::ZERO;
    let (mut key, mut sum) = (0, 0);
    for tick in 1..=1000u64 {
        while start.elapsed() < Duration::from_millis(tick) {}
        for _ in 0..200 {
            key = (key + 7919) % count;
            cells[key as usize] = make(key + 1);
            let cell = &cells[key as usize];
            sum = (sum + length(cell) + cell.name.len() as i32) & 0xffffff;
        }
        longest = longest.max(start.elapsed() - Duration::from_millis(tick));
    }
    println!("{} cells, sum {}", count, sum);
    eprintln!("longest {} us", longest.as_micros());
}
