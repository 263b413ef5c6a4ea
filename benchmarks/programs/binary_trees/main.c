#include <stdio.h>
#include <stdlib.h>

typedef struct tree {
    struct tree *left, *right;
} tree;

static tree *make(int depth) {
    tree *node = malloc(sizeof *node);
    node->left = depth ? make(depth - 1) : NULL;
    node->right = depth ? make(depth - 1) : NULL;
    return node;
}

static int count(const tree *node) {
    return node ? 1 + count(node->left) + count(node->right) : 0;
}

static void discard(tree *node) {
    if (!node) return;
    discard(node->left);
    discard(node->right);
    free(node);
}

static int counted_once(int depth) {
    tree *made = make(depth);
    int found = count(made);
    discard(made);
    return found;
}

int main(int argc, char **argv) {
    int deepest = atoi(argv[1]);
    printf("stretch tree of depth %d: %d\n", deepest + 1, counted_once(deepest + 1));
    tree *long_lived = make(deepest);
    for (int depth = 4; depth <= deepest; depth += 4) {
        int times = 1 << (deepest - depth + 4), total = 0;
        for (int i = 0; i < times; i++) total += counted_once(depth);
        printf("%d trees of depth %d: %d\n", times, depth, total);
    }
    printf("long lived tree of depth %d: %d\n", deepest, count(long_lived));
    discard(long_lived);
    return 0;
}
