/* Where a WASI command begins: the host calls `_start`, and expects `proc_exit` for an exit code other than 0. */

extern int clef_start(void *initial_stack);

__attribute__((import_module("wasi_snapshot_preview1"), import_name("proc_exit"), noreturn)) extern void
proc_exit(int code);

__attribute__((export_name("_start"))) void _start(void) {
    int code = clef_start(0);
    if (code != 0) proc_exit(code);
}
