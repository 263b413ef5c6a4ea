"""Programs that use bound libraries, with what they print.

In: nothing. Out: `PROGRAMS`: library, header, options of `clef bind`, program, output.
"""

# ruff: noqa: E501 (lines of Clef)

from __future__ import annotations

BY_VALUE = """
open Microsoft.FSharp.NativeInterop
open By_value

printfn "%A" (by_swap { x = 1.5f; y = 2.5f })
printfn "%A" (by_add { a = 1.0; b = 2.0 } { a = 10.0; b = 20.0 })
printfn "%A" (by_mixed 3 { a = 4; b = 1.5f } 2.0f)
printfn "%A" (by_kinds { a = 7.9; b = 3L })
printfn "%A" (by_small { a = 255uy; b = 300s; c = 5y })
let quad = by_quad { m_0 = 1.0f; m_1 = 2.0f; m_2 = 3.0f; m_3 = 4.0f } 0.5f
printfn "%g %g %g %g" quad.m_0 quad.m_1 quad.m_2 quad.m_3
let large: large = { a = 1.0; b = 2.0; c = 3.0 }
printfn "%A" (by_large large 3)
printfn "%A" (by_nested { first = { a = 1; b = 2.0f }; second = { a = 3uy; b = 4s; c = 5y } })
let view = by_view "A" { at = 16n; size = 1UL }
printfn "%d %d" view.at view.size
printfn "%d" (by_single { only = 21L }).only
let sum =
    let place = NativePtr.stackalloc<float> 1
    by_nothing large place
    NativePtr.read place
printfn "%g" sum
let mutable total = 0.0
for i in 1 .. 1000000 do
    total <- total + by_many 0.5 large i { a = 1; b = 2.0f } 1L 2L 3L 4L { a = 0.25; b = 5L }
printfn "%.1f" total
"""
BY_VALUE_OUTPUT = """{ x = 2.5f
  y = 1.5f }
{ a = 11.0
  b = 22.0 }
{ a = 7
  b = 3.0f }
{ a = 3.0
  b = 7L }
{ a = 0uy
  b = -300s
  c = -5y }
0.5 1 1.5 2
{ a = 3.0
  b = 6.0
  c = 9.0 }
{ first = { a = 5
            b = 2.0f }
  second = { a = 4uy
             b = 4s
             c = 5y } }
16 66
42
6
500025250000.0
"""
ZLIB = """
open Microsoft.FSharp.NativeInterop

let text = String.replicate 100 "the same words again and again; "
let source = System.Text.Encoding.UTF8.GetBytes text

let pack () =
    let bound = Zlib.compressBound (uint64 source.Length)
    let packedAt = NativePtr.stackalloc<byte> 4000
    let unpackedAt = NativePtr.stackalloc<byte> 4000
    let sourceAt = NativePtr.stackalloc<byte> 4000
    source |> Array.iteri (fun i value -> NativePtr.set sourceAt i value)
    printfn "%b" (bound > 3200UL && bound < 4000UL)
    let size = NativePtr.stackalloc<uint64> 1
    NativePtr.write size bound
    let code = Zlib.compress packedAt size sourceAt (uint64 source.Length)
    printfn "%b %b" (code = Zlib.Z_OK) (NativePtr.read size < 100UL)
    let back = NativePtr.stackalloc<uint64> 1
    NativePtr.write back (uint64 source.Length)
    let code = Zlib.uncompress unpackedAt back packedAt (NativePtr.read size)
    let unpacked = Array.init source.Length (fun i -> NativePtr.get unpackedAt i)
    printfn "%d %b" code (unpacked = source)
    printfn "%d" (Zlib.adler32 1UL sourceAt 4u)
    NativePtr.write back 3UL
    printfn "%b" (Zlib.uncompress unpackedAt back packedAt (NativePtr.read size) = Zlib.Z_BUF_ERROR)

pack ()
"""
SQLITE = """
open Microsoft.FSharp.NativeInterop

let text (address: nativeptr<byte>) : string =
    let mutable length = 0
    while NativePtr.get address length <> 0uy do
        length <- length + 1
    System.Text.Encoding.UTF8.GetString(Array.init length (fun i -> NativePtr.get address i))

let go () =
    let place = NativePtr.stackalloc<Sqlite.sqlite3Handle> 1
    printfn "%d" (Sqlite.sqlite3_open ":memory:" place)
    let database = NativePtr.read place
    let run (sql: string) =
        let statement = NativePtr.stackalloc<Sqlite.sqlite3_stmtHandle> 1
        let code = Sqlite.sqlite3_prepare_v2 database sql -1 statement (NativePtr.ofNativeInt 0n)
        if code <> Sqlite.SQLITE_OK then
            printfn "error: %s" (text (NativePtr.ofNativeInt (NativePtr.toNativeInt (Sqlite.sqlite3_errmsg database))))
        else
            let statement = NativePtr.read statement
            while Sqlite.sqlite3_step statement = Sqlite.SQLITE_ROW do
                let name = Sqlite.sqlite3_column_text statement 0
                printfn "%s %d" (text name) (Sqlite.sqlite3_column_int statement 1)
            Sqlite.sqlite3_finalize statement |> ignore
    run "create table peaks (name text, height integer)"
    run "insert into peaks values ('Rigi', 1797), ('Säntis', 2502)"
    run "select name, height from peaks order by height desc"
    run "select missing from nowhere"
    printfn "%d" (Sqlite.sqlite3_close database)

go ()
"""
LIBM = """
printfn "%.3f %.3f %d" (Libm.hypot 3.0 4.0) (Libm.tgamma 5.0) (Libm.ilogb 1024.0)
printfn "%.4f" Libm.M_PI
"""
PROGRAMS = {
    "zlib": ("zlib.h", ["--library", "z"], ZLIB, "true\ntrue true\n0 true\n66453858\ntrue\n"),
    "sqlite": (
        "sqlite3.h",
        ["--library", "sqlite3"],
        SQLITE,
        "0\nSäntis 2502\nRigi 1797\nerror: no such table: nowhere\n0\n",
    ),
    "libm": (
        "math.h",
        ["--library", "m", "--also", "*/bits/mathcalls.h"],
        LIBM,
        "5.000 24.000 10\n3.1416\n",
    ),
}
SHAPES = """
open Microsoft.FSharp.NativeInterop

let double (x: float, context: nativeint) : float = 2.0 * x
let visit (index: int, context: nativeint) : int = 10 * index

let go () =
    let p = NativePtr.stackalloc<Shapes.point> 2
    NativePtr.set p 0 { x = 0.0; y = 0.0; tag = 1y }
    NativePtr.set p 1 { x = 3.0; y = 4.0; tag = 2y }
    printfn "%g" (Shapes.shapes_distance p (NativePtr.add p 1))
    printfn "%g" (Shapes.shapes_apply (FnPtr.ofFunction double) 3.0 0n)
    let world = Shapes.shapes_open "x"
    printfn "%d" (Shapes.shapes_each world (FnPtr.ofFunction visit) 0n)
    printfn "%c" (char (NativePtr.read (NativePtr.ofNativeInt<byte> (NativePtr.toNativeInt (Shapes.shapes_title world)))))
    Shapes.shapes_close world
    let box = NativePtr.stackalloc<Shapes.box> 1
    Shapes.shapes_fill box Shapes.color.COLOR_BLUE
    let filled = NativePtr.read box
    printfn "%A %d %d" filled.fill filled.codes_2 filled.corner.tag
    let numbers = NativePtr.stackalloc<int> 3
    for i in 0 .. 2 do
        NativePtr.set numbers i (i * i)
    match Shapes.shapes_find numbers 3UL 4, Shapes.shapes_find numbers 3UL 5 with
    | Some found, None -> printfn "%d" (found - NativePtr.toNativeInt numbers)
    | other -> printfn "%A" other
    let number = NativePtr.stackalloc<Shapes.number> 1
    Shapes.shapes_store number 1.5
    printfn "%g" (NativePtr.read (Shapes.numberMembers.real number))
    printfn "%b" (Shapes.shapes_type -1 -1y 201uy)
    printfn "%d %d %d %s %g %d" Shapes.SHAPES_MASK Shapes.SHAPES_BIG Shapes.SHAPES_TWO Shapes.SHAPES_NAME Shapes.SHAPES_HALF Shapes.SHAPES_LETTER

go ()
"""
SHAPES_OUTPUT = """\
5
12
60
a
COLOR_BLUE 77 -3
8
1.5
true
246 4886718345 2 shapes "3" 0.5 120
"""
