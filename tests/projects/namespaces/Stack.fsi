namespace App.Core

/// A stack whose representation its users do not see.
[<Sealed>]
type Stack<'T> =
    member Count: int
    interface System.IDisposable

type Watcher = delegate of depth: int * name: string -> string

module Stack =
    val empty<'T> : unit -> Stack<'T>
    val push: item: 'T -> stack: Stack<'T> -> Stack<'T>
    val toList: Stack<'T> -> 'T list
