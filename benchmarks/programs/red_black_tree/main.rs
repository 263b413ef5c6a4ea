// The tree is owned by its only holder, so its nodes are moved instead of copied.
#[derive(Clone, Copy, PartialEq)]
enum Color {
    Red,
    Black,
}
use Color::*;

struct Node {
    color: Color,
    value: bool,
    key: i32,
    left: Tree,
    right: Tree,
}
type Tree = Option<Box<Node>>;

fn is_red(tree: &Tree) -> bool {
    matches!(tree, Some(node) if node.color == Red)
}

/// `node` is black and its left child was red before something was inserted there.
fn balance_left(mut node: Box<Node>) -> Box<Node> {
    let mut left = node.left.take().unwrap();
    if is_red(&left.left) {
        left.left.as_mut().unwrap().color = Black;
        left.color = Red;
        node.left = left.right.take();
        node.color = Black;
        left.right = Some(node);
        left
    } else if is_red(&left.right) {
        let mut top = left.right.take().unwrap();
        left.right = top.left.take();
        left.color = Black;
        node.left = top.right.take();
        node.color = Black;
        top.left = Some(left);
        top.right = Some(node);
        top
    } else {
        left.color = Red;
        node.left = Some(left);
        node
    }
}

fn balance_right(mut node: Box<Node>) -> Box<Node> {
    let mut right = node.right.take().unwrap();
    if is_red(&right.left) {
        let mut top = right.left.take().unwrap();
        right.left = top.right.take();
        right.color = Black;
        node.right = top.left.take();
        node.color = Black;
        top.left = Some(node);
        top.right = Some(right);
        top
    } else if is_red(&right.right) {
        right.right.as_mut().unwrap().color = Black;
        right.color = Red;
        node.right = right.left.take();
        node.color = Black;
        right.left = Some(node);
        right
    } else {
        right.color = Red;
        node.right = Some(right);
        node
    }
}

fn insert_into(tree: Tree, key: i32, value: bool) -> Box<Node> {
    let Some(mut node) = tree else {
        return Box::new(Node { color: Red, value, key, left: None, right: None });
    };
    if key < node.key {
        let balance = node.color == Black && is_red(&node.left);
        node.left = Some(insert_into(node.left.take(), key, value));
        if balance { balance_left(node) } else { node }
    } else if key > node.key {
        let balance = node.color == Black && is_red(&node.right);
        node.right = Some(insert_into(node.right.take(), key, value));
        if balance { balance_right(node) } else { node }
    } else {
        node.value = value;
        node
    }
}

fn count_true(tree: &Tree) -> i32 {
    match tree {
        None => 0,
        Some(node) => count_true(&node.left) + node.value as i32 + count_true(&node.right),
    }
}

fn main() {
    let n: i32 = std::env::args().nth(1).unwrap().parse().unwrap();
    let mut tree: Tree = None;
    for key in 1..=n {
        let mut node = insert_into(tree, key, key % 10 == 0);
        node.color = Black;
        tree = Some(node);
    }
    println!("{}", count_true(&tree));
}
