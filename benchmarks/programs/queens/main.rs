// Lists share their tails, as in the other languages.
use std::rc::Rc;

#[derive(Clone)]
struct List<T>(Option<Rc<(T, List<T>)>>);

fn safe(queen: i32, placed: &List<i32>) -> bool {
    let mut distance = 1;
    let mut rest = placed;
    while let Some(cell) = &rest.0 {
        let other = cell.0;
        if queen == other || queen == other + distance || queen == other - distance {
            return false;
        }
        distance += 1;
        rest = &cell.1;
    }
    true
}

fn extend(size: i32, placed: &List<i32>, mut solutions: List<List<i32>>) -> List<List<i32>> {
    for queen in (1..=size).rev() {
        if safe(queen, placed) {
            let longer = List(Some(Rc::new((queen, placed.clone()))));
            solutions = List(Some(Rc::new((longer, solutions))));
        }
    }
    solutions
}

fn place(size: i32, rows: i32) -> List<List<i32>> {
    if rows == 0 {
        return List(Some(Rc::new((List(None), List(None)))));
    }
    let shorter = place(size, rows - 1);
    let mut found = List(None);
    let mut rest = shorter;
    while let Some(cell) = rest.0 {
        found = extend(size, &cell.0, found);
        rest = cell.1.clone();
    }
    found
}

fn main() {
    let size = std::env::args().nth(1).unwrap().parse().unwrap();
    let (mut count, mut sum) = (0, 0);
    let mut rest = place(size, size);
    while let Some(cell) = rest.0 {
        count += 1;
        sum += cell.0 .0.as_ref().unwrap().0;
        rest = cell.1.clone();
    }
    println!("{} {}", count, sum);
}
