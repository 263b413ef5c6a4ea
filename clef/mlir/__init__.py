r"""The program as MLIR text: emission writes it, `lowering` turns it into LLVM IR.

This is the guide to the text forms that work, each of them tried on every target.

**Functions.** Write every function as `llvm.func`, never `func.func` (whose attributes and calling convention are
lost on the way). Its body may use arith, cf, scf, math, index and llvm operations freely:

    llvm.func internal fastcc @M.f(%a: i64 {llvm.noundef}, %p: !llvm.ptr) -> i64 attributes {no_unwind} { ... llvm.return %r : i64 }
    llvm.func @clef_syscall(i64, i64, i64, i64, i64, i64, i64) -> i64            // defined elsewhere
    %r = llvm.call fastcc @M.f(%a, %p) : (i64, !llvm.ptr) -> i64                 // the convention is repeated at each call
    %r = llvm.call fastcc %code(%a, %p) : !llvm.ptr, (i64, !llvm.ptr) -> i64     // through a pointer: its type comes first
    llvm.call fastcc @M.g(%a) : (i64) -> ()                                      // no result; `llvm.return` alone

Attributes that survive: `no_inline`, `always_inline`, `cold`, `no_unwind`, `will_return`, `dso_local`, `alignment`;
`memory_effects = #llvm.memory_effects<other = none, argMem = read, inaccessibleMem = none, errnoMem = none, targetMem0 = none,
targetMem1 = none>`; any other by LLVM's name in `passthrough = ["nosync", ["key", "value"]]`. On calls `{no_unwind}`. On
parameters and results `{llvm.noundef, llvm.noalias, llvm.nonnull, llvm.readonly, llvm.signext, llvm.zeroext}`. Everything but
`clef_start` should be `internal`, or dead code stays. A symbol with other characters than letters, digits, `_`, `.`, `$` is
quoted: `@"List.map|2"`. Several results are one struct: `-> !llvm.struct<(i64, i1)>` with `llvm.insertvalue`/`llvm.extractvalue`.

**Entry.** Define `llvm.func @clef_start(%stack: !llvm.ptr) -> i32`; its result is the exit code. On Linux `%stack` points at
the count of arguments, then the argument pointers, null, the environment's pointers, null; on WASI it is null. It
runs on a stack of 256 MiB; a global `@clef_stack_size` (`external constant`, i64) overrides that. Linux system calls:
`@clef_syscall(number, a, b, c, d, e, f)`, all i64, which gives a value or a negated error number.

**Tail calls.** `musttail` is guaranteed on every target and level when caller and callee have the same signature and convention
and the arguments fit registers (6 on x86-64, 8 on AArch64 and RISC-V; pointers and integers; any number on WebAssembly);
the next operation must be `llvm.return` of its result. `tail` with different signatures works on the Linux targets within
the same number of registers, at all levels, but NOT on WebAssembly, where it is an ordinary call. No `tailcc`.

    %r = llvm.call fastcc musttail %code(%self, %a) : !llvm.ptr, (!llvm.ptr, i64) -> i64

**Constants and globals.** Never `func.constant`.

    llvm.mlir.global internal constant @text("h\22\5C\C3\A9\0A") {addr_space = 0 : i32, alignment = 8 : i64}    // bytes, no final zero
    llvm.mlir.global internal constant @numbers(dense<[1, 2, 3]> : tensor<3xi32>) : !llvm.array<3 x i32>
    llvm.mlir.global internal @slot(0 : i64) : i64
    llvm.mlir.global internal @root() : !llvm.ptr { %z = llvm.mlir.zero : !llvm.ptr llvm.return %z : !llvm.ptr }
    llvm.mlir.global internal constant @cell() {alignment = 8 : i64} : !llvm.struct<(i32, i32, ptr, array<5 x i8>)> {
      %0 = llvm.mlir.undef : !llvm.struct<(i32, i32, ptr, array<5 x i8>)>
      %m = llvm.mlir.constant(-1 : i32) : i32
      %1 = llvm.insertvalue %m, %0[0] : !llvm.struct<(i32, i32, ptr, array<5 x i8>)>
      %t = llvm.mlir.constant("hello") : !llvm.array<5 x i8>
      ...
      llvm.return %4 : !llvm.struct<(i32, i32, ptr, array<5 x i8>)> }
    %p = llvm.mlir.addressof @cell : !llvm.ptr          // also for an `llvm.func`, not for a `func.func`
    %c = arith.constant 5 : i64     %t = arith.constant true     %f = arith.constant 0x7FF8000000000000 : f64  (bits, for any float)
    %n = llvm.mlir.zero : !llvm.ptr     %u = llvm.mlir.poison : !llvm.struct<(i64, i1)>

Inside `!llvm.<...>` write `ptr`, outside `!llvm.ptr`. A cell that is written to (a reference count) must not be `constant`.
Pointer-sized fields and offsets depend on the target (`Target.pointer_bits`); let `getelementptr` compute them.

**Memory.** Put a space before `->`.

    %f = llvm.getelementptr inbounds %p[0, 2] : (!llvm.ptr) -> !llvm.ptr, !llvm.struct<(i32, i32, ptr)>
    %e = llvm.getelementptr inbounds %p[%i] : (!llvm.ptr, i64) -> !llvm.ptr, i64
    %v = llvm.load %f : !llvm.ptr -> i64          %w = llvm.load %f invariant : !llvm.ptr -> i64
    llvm.store %v, %f : i64, !llvm.ptr            %x = llvm.load %f {alignment = 1 : i64} : !llvm.ptr -> i32
    %s = llvm.alloca %one x !llvm.struct<(i64, ptr)> {alignment = 8 : i64} : (i32) -> !llvm.ptr      // in the entry block
    "llvm.intr.memcpy"(%to, %from, %bytes) <{isVolatile = false}> : (!llvm.ptr, !llvm.ptr, i64) -> ()      // memmove likewise
    "llvm.intr.memset"(%to, %byte, %bytes) <{isVolatile = false}> : (!llvm.ptr, i8, i64) -> ()
    %i = llvm.ptrtoint %p : !llvm.ptr to i64      %q = llvm.inttoptr %i : i64 to !llvm.ptr
    %o = llvm.atomicrmw add %p, %one monotonic : !llvm.ptr, i64

**Control.** `cf.br ^b(%x : i64)`, `cf.cond_br %c weights([1, 1000]), ^a, ^b(%x : i64)`,
`cf.switch %k : i32, [default: ^d, 0: ^a(%x : i64), 5: ^b]`, `arith.select %c, %a, %b : i64`, `scf.if/while/for` inside one block,
`llvm.unreachable`, `"llvm.intr.trap"() : () -> ()`, `llvm.intr.expect %c, %true : i1`.

**Numbers.** Integer division by zero and shifts by the width are undefined in arith: check or mask first. Saturating
conversion: `llvm.call_intrinsic "llvm.fptosi.sat"(%f) : (f64) -> i64` (not `llvm.intr.fptosi.sat`, which does not translate). Overflow:
`"llvm.intr.sadd.with.overflow"(%a, %b) : (i64, i64) -> !llvm.struct<(i64, i1)>`; `%lo, %hi = arith.mulsi_extended %a, %b : i64`.
Exact operations may be math or arith: `math.sqrt absf floor ceil trunc roundeven copysign fma ctpop ctlz cttz`, `arith.remf`.
All others must be calls, because LLVM would fold `math.sin` of a constant with the library of the machine the
compiler runs on: `llvm.func @clef_math_sin(f64) -> f64 attributes {no_unwind, will_return, memory_effects = <none for all>}`; see
`clef.link.mathematics` for the list of names. They are linked when they are called.

**WebAssembly.** An import:

    llvm.func @fd_write(i32, !llvm.ptr, i32, !llvm.ptr) -> i32 attributes {passthrough =
      [["wasm-import-module", "wasi_snapshot_preview1"], ["wasm-import-name", "fd_write"]]}
    %old = llvm.call_intrinsic "llvm.wasm.memory.grow"(%zero, %pages) : (i32, i32) -> i32        // pages of 64 KiB; -1: no
    %now = llvm.call_intrinsic "llvm.wasm.memory.size"(%zero) : (i32) -> i32

The free memory begins at `llvm.mlir.global external @__heap_base() : i8`.

**Debugging.** See `clef.mlir.debug_information`. Without debug information leave out the fused location of functions;
the locations of operations then cost parsing time only, so leave them out too.
"""
