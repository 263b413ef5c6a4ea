struct Tree {
    children: Option<(Box<Tree>, Box<Tree>)>,
}

fn make(depth: i32) -> Tree {
    if depth == 0 {
        return Tree { children: None };
    }
    Tree { children: Some((Box::new(make(depth - 1)), Box::new(make(depth - 1)))) }
}

fn count(tree: &Tree) -> i32 {
    match &tree.children {
        None => 1,
        Some((left, right)) => 1 + count(left) + count(right),
    }
}

fn main() {
    let deepest: i32 = std::env::args().nth(1).unwrap().parse().unwrap();
    println!("stretch tree of depth {}: {}", deepest + 1, count(&make(deepest + 1)));
    let long_lived = make(deepest);
    for depth in (4..=deepest).step_by(4) {
        let times = 1 << (deepest - depth + 4);
        let total: i32 = (0..times).map(|_| count(&make(depth))).sum();
        println!("{} trees of depth {}: {}", times, depth, total);
    }
    println!("long lived tree of depth {}: {}", deepest, count(&long_lived));
}
