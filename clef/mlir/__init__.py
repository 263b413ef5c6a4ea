r"""The program as MLIR text: emission writes it, `lowering` turns it into LLVM IR.

This is the guide to the text forms that work; each of them was tried on every target.

**Functions.** Write every function as `llvm.func`, never `func.func` (whose attributes and calling
convention are lost on the way). Its body holds llvm operations, rarely others:

    llvm.func internal fastcc @M.f(%a: i64, %p: !llvm.ptr) -> i64 attributes {no_unwind} {
      %r = llvm.call fastcc @M.g(%a, %p) : (i64, !llvm.ptr) -> i64
      %s = llvm.call fastcc %code(%a) : !llvm.ptr, (i64) -> i64     // through a pointer
      llvm.call fastcc @M.h(%a) : (i64) -> ()                       // no result
      llvm.return %r : i64
    }
    llvm.func @clef_syscall(i64, i64, i64, i64, i64, i64, i64) -> i64     // defined elsewhere

The convention is repeated at each call. Attributes that survive: `no_inline`, `always_inline`,
`cold`, `no_unwind`, `will_return`, `dso_local`, `alignment`, `memory_effects =
#llvm.memory_effects<other = none, argMem = read, inaccessibleMem = none, errnoMem = none,
targetMem0 = none, targetMem1 = none>`, any other by LLVM's name in `passthrough = ["nosync",
["key", "value"]]`; on calls `{no_unwind}`; on parameters and results `{llvm.noundef, llvm.noalias,
llvm.nonnull, llvm.readonly, llvm.signext, llvm.zeroext}`. Everything but `clef_start` should be
`internal`, or dead code stays. A symbol with characters other than letters, digits, `_`, `.`, `$`
is quoted: `@"List.map|2"`. Several results are one struct, `-> !llvm.struct<(i64, i1)>`, built with
`llvm.insertvalue` and taken apart with `llvm.extractvalue %s[1] : !llvm.struct<(i64, i1)>`.

**Entry.** Define `llvm.func @clef_start(%stack: !llvm.ptr) -> i32`; its result is the exit code. On
Linux `%stack` points at the count of arguments, then the arguments, null, the environment, null; on
WASI it is null. It runs on a stack of 256 MiB unless a global `external constant @clef_stack_size`
(i64) says otherwise. Linux system calls: `@clef_syscall(number, a, b, c, d, e, f)`, all i64, which
gives a value or a negated error number.

**Tail calls.** `musttail` is guaranteed on every target and level when caller and callee have the
same signature and the convention `fastcc`, with any number of arguments, but 12 at most on RISC-V
(LLVM gives up beyond); the next operation must be `llvm.return` of its result. `tail` with
different signatures works on the Linux targets, at all levels, as long as the arguments fit
registers (6 on x86-64, 8 on AArch64, 12 on RISC-V, pointers and integers together), but NOT on
WebAssembly, where it is an ordinary call. No `tailcc`.

    %r = llvm.call fastcc musttail %code(%self, %a) : !llvm.ptr, (!llvm.ptr, i64) -> i64

**Constants and globals.** Never `func.constant`. Inside `!llvm.<...>` write `ptr`, outside
`!llvm.ptr`. A cell that is written to (a reference count) must not be `constant`.

    llvm.mlir.global internal constant @text("h\22\5C\C3\A9\0A") {addr_space = 0 : i32}   // bytes
    llvm.mlir.global internal constant @table(dense<[1, 2]> : tensor<2xi8>) : !llvm.array<2 x i8>
    llvm.mlir.global internal @slot(0 : i64) : i64
    llvm.mlir.global internal @cell() : !llvm.struct<(i32, ptr, array<2 x i8>)> {
      %0 = llvm.mlir.undef : !llvm.struct<(i32, ptr, array<2 x i8>)>
      %m = llvm.mlir.constant(-1 : i32) : i32
      %1 = llvm.insertvalue %m, %0[0] : !llvm.struct<(i32, ptr, array<2 x i8>)>
      %t = llvm.mlir.constant("hi") : !llvm.array<2 x i8>
      %p = llvm.mlir.addressof @other : !llvm.ptr       // a global or an `llvm.func`
      ...
      llvm.return %3 : !llvm.struct<(i32, ptr, array<2 x i8>)>
    }
    %c = llvm.mlir.constant(5 : i64) : i64        %b = llvm.mlir.constant(true) : i1
    %f = llvm.mlir.constant(0x7FF8000000000000 : f64) : f64
    %n = llvm.mlir.zero : !llvm.ptr               %u = llvm.mlir.poison : !llvm.struct<(i64, i1)>

**Memory.** Put a space before `->`. Sizes of pointers depend on the target (`Target.pointer_bits`):
let `getelementptr` compute offsets. `alloca` only in the entry block.

    %f = llvm.getelementptr inbounds %p[0, 2] : (!llvm.ptr) -> !llvm.ptr, !llvm.struct<(i32, ptr)>
    %e = llvm.getelementptr inbounds %p[%i] : (!llvm.ptr, i64) -> !llvm.ptr, i64
    %v = llvm.load %f : !llvm.ptr -> i64          %w = llvm.load %f invariant : !llvm.ptr -> i64
    llvm.store %v, %f : i64, !llvm.ptr            %x = llvm.load %f {alignment = 1 : i64} : ...
    %s = llvm.alloca %one x !llvm.struct<(i64, ptr)> {alignment = 8 : i64} : (i32) -> !llvm.ptr
    "llvm.intr.memcpy"(%to, %from, %n) <{isVolatile = false}> : (!llvm.ptr, !llvm.ptr, i64) -> ()
    "llvm.intr.memset"(%to, %byte, %bytes) <{isVolatile = false}> : (!llvm.ptr, i8, i64) -> ()
    %i = llvm.ptrtoint %p : !llvm.ptr to i64      %o = llvm.atomicrmw add %p, %one monotonic : ...

`memmove` likewise. `memcmp` and `strlen` may be called by name; their lengths are as wide as a
pointer, i32 on WebAssembly.

**Control.** `llvm.br ^b(%x : i64)`, `llvm.cond_br %c weights([1, 1000]), ^a, ^b(%x : i64)`,
`llvm.switch %k : i32, ^d [0: ^a(%x : i64), 5: ^b]`, `llvm.select %c, %a, %b : i1, i64`,
`llvm.unreachable`, `"llvm.intr.trap"() : () -> ()`, `llvm.intr.expect %c, %true : i1`. `cf` and
`scf` work as well, but each of their operations has three passes look at the whole program, so that
they are left to texts that few programs have.

**Numbers.** The llvm dialect here too, for the same reason: `llvm.add %a, %b overflow<nsw> : i32`,
`llvm.icmp "slt" %a, %b : i32`, `llvm.fcmp "olt" %a, %b : f64`, `llvm.zext %a : i8 to i32`. Integer
division by zero and shifts by the width are undefined: check or mask first. Saturating conversion:
`llvm.call_intrinsic "llvm.fptosi.sat"(%f) : (f64) -> i64` (not `llvm.intr.fptosi.sat`, which does
not translate). Overflow: `"llvm.intr.sadd.with.overflow"(%a, %b) : (i64, i64) ->
!llvm.struct<(i64, i1)>`. Exact operations: `llvm.intr.sqrt(%x) : (f64) -> f64`, likewise `fabs
floor ceil trunc roundeven copysign fma ctpop`, `"llvm.intr.ctlz"(%x) <{is_zero_poison = false}> :
(i32) -> i32`, `cttz`, `llvm.frem`. All other functions must be calls, because LLVM would evaluate
`llvm.intr.sin` of a constant with the library of the machine that the compiler runs on:

    llvm.func @clef_math_sin(f64) -> f64 attributes {no_unwind, will_return, memory_effects = ...}

with one argument `sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp exp2 expm1 log
log2 log10 log1p cbrt`, with two `pow atan2 hypot`; all f64 (for f32 compute in f64 and truncate).
They are linked when they are called, and give the same bits on every target.

**WebAssembly.** The free memory begins at `llvm.mlir.global external @__heap_base() : i8`.

    llvm.func @fd_write(i32, !llvm.ptr, i32, !llvm.ptr) -> i32 attributes {passthrough =
      [["wasm-import-module", "wasi_snapshot_preview1"], ["wasm-import-name", "fd_write"]]}
    %old = llvm.call_intrinsic "llvm.wasm.memory.grow"(%zero, %pages) : (i32, i32) -> i32
    %now = llvm.call_intrinsic "llvm.wasm.memory.size"(%zero) : (i32) -> i32

**Debugging.** See `clef.mlir.debug_information`. Without debug information leave out the fused
location of functions; the locations of operations then only cost time, so leave them out too.
"""
