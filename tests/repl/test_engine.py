"""Sessions on the engine: state is kept, definitions hide earlier ones, nothing ends the
session."""

from __future__ import annotations

import threading
import time

import pytest

from clef.repl.conversation import Conversation
from tests.repl.sessions import said, session, values

CAPTURE = pytest.CaptureFixture[str]


def test_values_types_and_functions_as_fsi_shows_them() -> None:
    with session() as it:
        assert values(
            it,
            "let x = 2 + 3",
            "x * 2",
            "it + 1;;",
            "let f a b = a + b * x",
            "f 1 2",
            'let a, b = 1, "two"',
            "type R = { A: int; B: string }",
            "[ { A = 1; B = b } ]",
            "type S = Circle of float | Dot",
            "let mutable m = [| Circle 1.5; Dot |]",
            "()",
            "fun y -> y + 1",
            "let inline twice z = z + z",
        ) == [
            "val x : int = 5",
            "val it : int = 10",
            "val it : int = 11",
            "val f : a:int -> b:int -> int",
            "val it : int = 11",
            'val a : int = 1\nval b : string = "two"',
            "type R =\n  { A: int\n    B: string }",
            'val it : R list =\n  [{ A = 1\n     B = "two" }]',
            "type S =\n  | Circle of float\n  | Dot",
            "val mutable m : S[] = [|Circle 1.5; Dot|]",
            "val it : unit = ()",
            "val it : y:int -> int",
            "val inline twice : z:^a -> ^b",
        ]


def test_nothing_is_computed_twice_and_changes_stay() -> None:
    with session() as it:
        assert values(
            it,
            "let mutable counter = 0",
            "let next () = counter <- counter + 1; counter",
            "let first = next ()",
            "first, first, counter",
            "counter <- 10",
            "next ()",
            "let words = System.Collections.Generic.Dictionary<string, int>()",
            'words.["a"] <- next ()',
            'words.["a"]',
            "let later = lazy (next ())",
            "later.Value + later.Value",
            "counter",
        )[3:] == [
            "val it : int * int * int = (1, 1, 1)",
            "val it : unit = ()",
            "val it : int = 11",
            "val words : Dictionary<string, int> = seq []",
            "val it : unit = ()",
            "val it : int = 12",
            "val later : int Lazy = Value is not created.",
            "val it : int = 26",
            "val it : int = 13",
        ]


def test_function_values_outlive_their_input_and_know_what_comes_later() -> None:
    """A function value that was made before a type existed tests for it, releases it and calls its
    members.
    """
    with session() as it:
        answers = values(
            it,
            'let show = fun (o: obj) -> match o with :? int as i -> sprintf "int %d" i'
            " | _ -> o.ToString()",
            "let all = [ for i in 1 .. 3 -> fun x -> show (box (x * i)) ]",
            'type Late(n: int) =\n    override _.ToString() = sprintf "late %d" n\n\n',
            "let kept = show",
            "kept (box (Late 3))",
            "all |> List.map (fun f -> f 2)",
            "let compose f g = fun x -> g (f x)",
            "let both = compose (fun x -> x + 1) string",
            "type Other = { F: int -> string }",
            "let record = { F = both }",
            "record.F 4",
            "let add3 a b c = a + b + c",
            "let partial = add3 1",
            "let more = partial 2",
            "[ more; (fun x -> x) ] |> List.map (fun f -> f 10)",
        )
        assert answers[4] == 'val it : string = "late 3"'
        assert answers[5] == 'val it : string list = ["int 2"; "int 4"; "int 6"]'
        assert answers[10] == 'val it : string = "5"'
        assert answers[14] == "val it : int list = [13; 10]"


def test_a_task_that_was_made_before_what_runs_it() -> None:
    with session() as it:
        assert values(it, "let work = async { return 3 }", "Async.RunSynchronously work")[1] == (
            "val it : int = 3"
        )


def test_redefinitions_hide_and_do_not_change() -> None:
    with session() as it:
        assert values(
            it,
            "type Expr = Num of int | Add of Expr * Expr",
            "let rec eval = function Num n -> n | Add (a, b) -> eval a + eval b",
            "let e = Add (Num 1, Num 2)",
            "type Expr = Leaf",
            "let eval (x: Expr) = 0",
            "eval Leaf",
            "let x = 1",
            "let f () = x",
            'let x = "other"',
            "f (), x",
            "e",
        )[5:] == [
            "val it : int = 0",
            "val x : int = 1",
            "val f : unit -> int",
            'val x : string = "other"',
            'val it : int * string = (1, "other")',
            "val e : Expr = Add (Num 1, Num 2)".replace("val e", "val it"),
        ]


def test_opens_and_modules_stay() -> None:
    with session() as it:
        assert values(
            it,
            "open System.Text",
            'StringBuilder().Append("a").ToString()',
            "module M =\n    let z = 5\n    let w q = q * z\n\n",
            "M.w 3",
            "open M",
            "z",
        )[1:] == [
            'val it : string = "a"',
            "module M =\n  val z : int\n  val w : q:int -> int",
            "val it : int = 15",
            "",
            "val it : int = 5",
        ]


def test_mistakes_do_not_end_anything_and_define_nothing() -> None:
    with session() as it:
        said(it, "let x = 1")
        reply = it.respond('let x = 1 + "a"')
        assert reply.is_mistake and "E0317" in reply.errors and 'let x = 1 + "a"' in reply.errors
        assert said(it, "x") == "val it : int = 1\n"
        reply = it.respond("let y = (")
        assert reply.is_mistake and reply.ends is None
        assert "E0201" in it.respond("y").errors


def test_an_exception_keeps_what_was_done_and_defines_nothing(capfd: CAPTURE) -> None:
    with session() as it:
        said(it, "let mutable n = 0")
        reply = it.respond('n <- 5\nprintfn "seen"\nlet never: int = failwith "boom"')
        assert reply.outcome is not None and reply.outcome.status == "failed"
        captured = capfd.readouterr()
        assert captured.out == "seen\n"
        assert "System.Exception: boom" in captured.err
        assert "E0201" in it.respond("never").errors
        assert said(it, "n") == "val it : int = 5\n"


def test_what_dies_takes_only_itself_along() -> None:
    with session() as it:
        values(it, "let mutable n = 1", "let rec deep k = 1 + deep (k + 1)")
        reply = it.respond("n <- 2\ndeep 0")
        assert reply.outcome is not None and reply.outcome.status == "died"
        assert "all values are as they were before it" in reply.errors
        assert said(it, "n") == "val it : int = 1\n"


def test_exit_ends_the_session_with_its_code() -> None:
    with session() as it:
        assert it.respond("exit 3").ends == 3


def _soon(conversation: Conversation, seconds: float) -> None:
    time.sleep(seconds)
    conversation.engine.interrupt()


def test_an_interrupt_goes_back_to_the_state_before() -> None:
    with session() as it:
        said(it, "let mutable n = 1")
        threading.Thread(target=_soon, args=(it, 3.0)).start()
        reply = it.respond("n <- 2\nwhile true do ()")
        assert reply.outcome is not None and reply.outcome.status == "interrupted"
        assert said(it, "n") == "val it : int = 1\n"


def test_what_is_not_hidden_cannot_be_defined_again() -> None:
    with session() as it:
        said(it, "namespace Mine\ntype T = { V: int }\n\n")
        assert said(it, "({ V = 1 } : Mine.T).V") == "val it : int = 1\n"
        reply = it.respond("namespace Mine\ntype T = { V: string }\n\n")
        assert reply.is_mistake and "E0908" in reply.errors


def test_two_hundred_inputs_in_bounded_memory_and_time() -> None:
    """Time for an input grows with what is defined, and stays far below a second; memory by some
    kilobytes of code an input.
    """
    forms = (
        "let f{i} (x: int) (ys: int list) = ys |> List.map (fun y -> y + x + {i}) |> List.sum",
        "let v{i} = f{a} {i} [1 .. 10]",
        "type R{i} = {{ A{i}: int; B{i}: string }}",
        "let r{i} = {{ A{a} = v{b}; B{a} = string v{b} }}",
        "r{a}.A{b} + v{c}",
    )
    with session() as it:
        times: list[float] = []
        for i in range(200):
            text = forms[i % 5].format(i=i, a=i - 1, b=i - 2, c=i - 3)
            start = time.perf_counter()
            reply = it.respond(text)
            times.append(time.perf_counter() - start)
            assert not reply.is_mistake, reply.errors
            outcome = reply.outcome
        assert outcome is not None
        print(f"first {sum(times[5:25]) / 20:.3f} s, last {sum(times[-20:]) / 20:.3f} s an input")
        print(f"runner {outcome.memory} bytes, image {outcome.image_size} bytes")
        assert said(it, "v196") == f"val it : int = {10 * 196 + 10 * 195 + 55}\n"
        assert outcome.memory < 60_000_000
        assert outcome.image_size < 4_000_000
        assert sorted(times[-20:])[10] < 12 * sorted(times[5:25])[10]
