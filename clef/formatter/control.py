"""The rules for conditions, matches, functions, loops and handlers.

Comes in: a place in the tokens and a node. Goes out: its document. Promises: clauses start their
lines with a bar; a condition is on one line only when it is short; loops and handlers have their
bodies below.
"""

from __future__ import annotations

from clef.formatter.brackets import Brackets
from clef.formatter.document import (
    EMPTY,
    LINE,
    SPACE,
    Align,
    Choice,
    Document,
    Line,
    Text,
    Within,
    concat,
    joined,
    separated,
)
from clef.syntax import tree


class Control(Brackets):
    """Control flow."""

    # ------------------------------------------------------------ functions

    def lambda_(self, node: tree.Lambda) -> Document:
        """`fun p q -> e`"""
        head = self.until(self.find("->", node.body.span.start))
        arrow = self.take("->")
        return self.body(concat(head, SPACE, arrow), node.body)

    def function(self, node: tree.Function) -> Document:
        """`function | p -> e`"""
        can_be_flat = self.is_inline
        keyword = self.take("function")
        flat, broken = self.clauses(node.clauses)
        whole = concat(keyword, LINE, broken)
        return Within(concat(keyword, SPACE, flat), whole) if can_be_flat else whole

    # ------------------------------------------------------------ matches

    def match(self, node: tree.Match) -> Document:
        """`match e with`, and clauses."""
        can_be_flat = self.is_inline
        keyword = self.take("match", "match!")
        subject = self.block(node.subject)
        with_ = concat(self.leading(), self.take("with"))
        flat = concat(keyword, SPACE, subject, SPACE, with_)
        head = Choice(flat, concat(keyword, self.below(subject), LINE, with_))
        clauses, broken = self.clauses(node.clauses)
        whole = concat(head, LINE, broken)
        return Within(concat(flat, SPACE, clauses), whole) if can_be_flat else whole

    def clauses(self, clauses: list[tree.Clause]) -> tuple[Document, Document]:
        """Clauses on one line, and below each other."""
        flat: list[Document] = []
        broken: list[Document] = []
        for clause in clauses:
            blank = self.blanks()
            lead = self.leading()
            bar = concat(self.take("|"), SPACE) if self.kind == "|" else EMPTY
            written = self.clause(clause)
            if broken:
                flat.append(SPACE)
                broken.append(Line(blank))
            flat.extend((lead, bar, written))
            broken.extend((lead, Text("| ") if bar is EMPTY else bar, written))
        return joined(flat), joined(broken)

    def clause(self, clause: tree.Clause) -> Document:
        """`p when g -> e`"""
        arrow_at = self.find("->", clause.body.span.start)
        if clause.guard is not None:
            arrow_at = self.find("when", clause.guard.span.start)
        others, head = self.alternatives(clause.pattern, arrow_at)
        if clause.guard is not None:
            when = concat(SPACE, self.take("when"))
            guard = self.block(clause.guard)
            flat = concat(when, SPACE, guard)
            head = concat(head, Choice(flat, concat(when, self.below(guard))))
        arrow = self.take("->")
        return concat(others, self.body(concat(head, SPACE, arrow), clause.body))

    def alternatives(self, pattern: tree.Pattern, end: int) -> tuple[Document, Document]:
        """A pattern of a clause, the last line apart; alternatives that stand on several lines
        stay so."""
        if not isinstance(pattern, tree.OrPattern) or not self.spans_lines(
            self.starts[self.index], end
        ):
            return self.leading(), self.until(end)
        others: list[Document] = []
        parts: list[Document] = []
        for number in range(len(pattern.alternatives)):
            if number:
                is_new = self.spans_lines(self.last_end, self.starts[self.index])
                lead = self.leading()
                if is_new:
                    others.extend((*parts, LINE, lead))
                    parts = [self.take("|"), SPACE]
                else:
                    parts.extend((SPACE, lead, self.take("|"), SPACE))
            is_last = number == len(pattern.alternatives) - 1
            parts.append(self.until(end if is_last else self.find("|", end)))
        return joined(others), joined(parts)

    # ------------------------------------------------------------ conditions

    def conditional(self, node: tree.If) -> Document:
        """`if c then a elif d then b else e`"""
        is_inline = self.is_inline
        flat: list[Document] = []
        broken: list[Document] = []
        keyword = self.take("if")
        current = node
        while True:
            condition = self.block(current.condition)
            then = concat(self.leading(), self.take("then"))
            short = concat(keyword, SPACE, condition, SPACE, then)
            long = concat(keyword, self.below(condition), LINE, then)
            consequence = self.block(current.consequence)
            flat.extend((short, SPACE, consequence))
            broken.extend((Choice(short, long), self.below(consequence)))
            alternative = current.alternative
            if alternative is None:
                break
            lead = self.leading()
            following = self.next_branch(alternative)
            flat.extend((SPACE, lead))
            broken.extend((LINE, lead))
            if following is None:
                keyword = self.take("else")
                value = self.block(alternative)
                flat.extend((keyword, SPACE, value))
                broken.extend((keyword, self.below(value)))
                break
            keyword = following
            assert isinstance(alternative, tree.If)
            current = alternative
        settings = self.settings
        if node.alternative is not None:
            limit = settings.max_if_then_else_short_width
        elif is_inline and not settings.max_if_then_short_width:
            return Within(joined(flat), joined(broken))
        else:
            limit = settings.max_if_then_short_width
        return Choice(joined(flat), joined(broken), limit)

    def next_branch(self, alternative: tree.Expression) -> Document | None:
        """`elif` or `else if`, when that comes next."""
        if self.kind == "elif":
            return self.take("elif")
        place = self.index + 1
        if (
            not isinstance(alternative, tree.If)
            or self.kinds[place] != "if"
            or place in self.before
            or self.index in self.after
            or self.spans_lines(self.starts[self.index], self.starts[place])
        ):
            return None
        return concat(self.take("else"), SPACE, self.take("if"))

    # ------------------------------------------------------------ loops

    def loop_body(self, head: Document, node: tree.Expression) -> Document:
        can_be_flat = self.is_inline
        head = concat(head, SPACE, self.leading(), self.take("do"))
        written = self.block(node)
        broken = concat(head, self.below(written))
        flat = concat(head, SPACE, written)
        if self.kind == "done":
            done = self.skip("done")
            return concat(broken, done)
        return Within(flat, broken) if can_be_flat else broken

    def while_(self, node: tree.While) -> Document:
        """`while c do`"""
        keyword = self.take("while", "while!")
        head = concat(keyword, SPACE, Align(self.block(node.condition)))
        return self.loop_body(head, node.body)

    def for_to(self, node: tree.ForTo) -> Document:
        """`for i = a to b do`"""
        head = self.until(node.start.span.start)
        start = self.expression(node.start)
        word = self.take("to", "downto")
        end = self.expression(node.end)
        return self.loop_body(separated([head, start, word, end], SPACE), node.body)

    def for_in(self, node: tree.ForIn) -> Document:
        """`for x in xs do`, `for x in xs -> e`"""
        head = self.until(node.source.span.start)
        source = Align(self.block(node.source))
        head = concat(head, SPACE, source)
        if self.kind == "->":
            arrow = self.take("->")
            assert isinstance(node.body, tree.Yield)
            return self.body(concat(head, SPACE, arrow), node.body.expression)
        return self.loop_body(head, node.body)

    # ------------------------------------------------------------ handlers

    def try_with(self, node: tree.TryWith) -> Document:
        """`try e with p -> f`"""
        is_inline = self.is_inline
        keyword = self.take("try")
        body = self.block(node.body)
        lead = self.leading()
        with_ = self.take("with")
        is_single = len(node.clauses) == 1 and self.index not in self.before
        start = self.index + 1 if self.kind == "|" else self.index
        is_single = is_single and start not in self.before and not with_.open_end
        if is_single:
            if self.kind == "|":
                with_ = concat(with_, self.skip("|"))
            clause = node.clauses[0]
            flat = handler = concat(with_, SPACE, self.clause(clause))
        else:
            clauses, below = self.clauses(node.clauses)
            flat = concat(with_, SPACE, clauses)
            handler = concat(with_, LINE, below)
        flat = concat(keyword, SPACE, body, SPACE, lead, flat)
        broken = concat(keyword, self.below(body), LINE, lead, handler)
        return Within(flat, broken) if is_inline else broken

    def try_finally(self, node: tree.TryFinally) -> Document:
        """`try e finally f`"""
        is_inline = self.is_inline
        keyword = self.take("try")
        body = self.block(node.body)
        finally_ = concat(self.leading(), self.take("finally"))
        rest = self.block(node.finalizer)
        flat = concat(keyword, SPACE, body, SPACE, finally_, SPACE, rest)
        broken = concat(keyword, self.below(body), LINE, finally_, self.below(rest))
        return Within(flat, broken) if is_inline else broken

    # ------------------------------------------------------------ keywords with an operand

    def keyword_operand(
        self,
        node: tree.Yield
        | tree.YieldBang
        | tree.Return
        | tree.ReturnBang
        | tree.Do
        | tree.DoBang
        | tree.Lazy,
    ) -> Document:
        """`yield e`, `return! e`, `do e` ..."""
        return self.body(self.take(), node.expression)
