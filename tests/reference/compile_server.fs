/// Compiles F# programs one after another in one process, so that only the first pays for starting the compiler.
/// Standard input: one request a line, "output<TAB>source<TAB>...". The first argument names a file with the
/// options common to all. Standard output: a line "M<TAB>..." for each message, then "D<TAB>exit code".
module CompileServer

open System
open FSharp.Compiler.SourceCodeServices

let escape (text: string) =
    text.Replace("\\", "\\\\").Replace("\r", "").Replace("\n", "\\n").Replace("\t", " ")

let report (message: FSharpErrorInfo) =
    let severity =
        match message.Severity with
        | FSharpErrorSeverity.Error -> "error"
        | FSharpErrorSeverity.Warning -> "warning"

    [ "M"
      severity
      string message.ErrorNumber
      message.FileName
      string message.StartLineAlternate
      string (message.StartColumn + 1)
      string message.EndLineAlternate
      string (message.EndColumn + 1)
      escape message.Message ]
    |> String.concat "\t"
    |> Console.Out.WriteLine

[<EntryPoint>]
let main arguments =
    let common = IO.File.ReadAllLines arguments.[0]
    let checker = FSharpChecker.Create()
    // Whatever the compiler itself prints must not mix with the answers.
    let answers = Console.Out

    let rec serve () =
        let line = Console.In.ReadLine()

        if not (isNull line) then
            let parts = line.Split '\t'
            let options = Array.concat [ [| "fsc.exe" |]; common; [| "-o:" + parts.[0] |]; parts.[1..] ]
            Console.SetOut IO.TextWriter.Null
            let messages, code = checker.Compile options |> Async.RunSynchronously
            Console.SetOut answers
            Array.iter report messages
            Console.Out.WriteLine("D\t" + string code)
            Console.Out.Flush()
            serve ()

    serve ()
    0
