namespace rec Low.Level

#nowarn "9"
#nowarn "51" "3370"

open System
open System.Runtime.InteropServices
open Microsoft.FSharp.NativeInterop

type IShape = abstract Area : float
type Op = delegate of int * int -> int

[<Struct; StructLayout(LayoutKind.Sequential)>]
type Pixel =
    val mutable R : byte
    val mutable G : byte
    [<DefaultValue>] val mutable B : byte
    new (r, g) = { R = r; G = g }

[<Struct>]
type Choice3<'a, 'b, 'c> =
    | First of first : 'a
    | Second of second : 'b
    | Third of third : 'c

[<CustomEquality; CustomComparison>]
type Key =
    { Id : int; Name : string }
    override this.Equals other =
        match other with
        | :? Key as key -> key.Id = this.Id
        | _ -> false
    override this.GetHashCode () = hash this.Id
    interface IComparable<Key> with
        member this.CompareTo other = compare this.Id other.Id
    interface IComparable with
        member this.CompareTo other =
            match other with
            | :? Key as key -> compare this.Id key.Id
            | _ -> -1

module Native =
    [<DllImport("libc", CallingConvention = CallingConvention.Cdecl)>]
    extern int abs(int value)

    [<DllImport("libc", EntryPoint = "memcpy")>]
    extern nativeint private copyMemory(nativeint target, nativeint source, unativeint size)

    [<DllImport("libc")>]
    extern void qsort(int[] data, unativeint count, [<In>] nativeint size, byte* compare, int& status)

    let sum (values : int[]) =
        use pointer = fixed values
        let mutable total = 0
        for i in 0 .. values.Length - 1 do
            total <- total + NativePtr.get pointer i
        total

    let swap (a : byref<int>) (b : byref<int>) =
        let t = a
        a <- b
        b <- t

    let test () =
        let mutable x = 1
        let mutable y = 2
        swap &x &y
        let p = &&x
        NativePtr.write p 5
        let buffer = NativePtr.stackalloc<byte> 16
        NativePtr.set buffer 0 255uy
        x, y, int (NativePtr.get buffer 0)

    let refer (values : int[]) (index : inref<int>) : int = values.[index]

module Inline =
    let inline add (a : ^a) (b : ^b) : ^c = ((^a or ^b) : (static member (+) : ^a * ^b -> ^c) (a, b))

    let inline length (x : ^t when ^t : (member Length : int)) = (^t : (member Length : int) x)

    let inline parse< ^t when ^t : (static member Parse : string -> ^t)> (text : string) : ^t =
        (^t : (static member Parse : string -> ^t) text)

    let inline create () : ^t when ^t : (new : unit -> ^t) = new ^t ()

    let inline sumBy (f : 'a -> ^b) (items : 'a list) : ^b
            when ^b : (static member Zero : ^b) and ^b : (static member (+) : ^b * ^b -> ^b) =
        let mutable total = LanguagePrimitives.GenericZero< ^b>
        for item in items do total <- total + f item
        total

    type Mapper =
        | Mapper
        static member ($) (Mapper, x : 'a list) = fun f -> List.map f x
        static member ($) (Mapper, x : 'a option) = fun f -> Option.map f x

    let inline fmap f x = (Mapper $ x) f

    let both = add 1 2, add 1.5 2.5, length "abc", length [| 1; 2 |], (parse "12" : int)

module Constraints =
    let largest<'a when 'a : comparison> (items : 'a list) = List.max items
    let same<'a, 'b when 'a : equality and 'b : struct and 'b :> ValueType and 'b : (new : unit -> 'b)>
        (x : 'a) (y : 'a) = x = y
    let nothing<'a when 'a : null and 'a : not struct> () : 'a = null
    let enumValue<'e, 'u when 'e : enum<'u> and 'u : unmanaged> (x : 'u) : 'e = LanguagePrimitives.EnumOfValue x
    let call<'d when 'd : delegate<obj * EventArgs, unit>> (d : 'd) = box d
    let flexible (items : #seq<#IShape>) = items |> Seq.sumBy (fun s -> s.Area)
    let dispose (x : 'a when 'a :> IDisposable) = x.Dispose ()

    type Table<'key, 'value when 'key : comparison> private (map : Map<'key, 'value>) =
        new () = Table Map.empty
        member _.Add (key, value) = Table (Map.add key value map)
        member _.Item with get key = Map.find key map
        static member Empty : Table<'key, 'value> = Table ()

    type Table<'key, 'value when 'key : comparison> with
        member this.AddAll pairs =
            let folder (t : Table<_, _>) (k, v) = t.Add (k, v)
            List.fold folder this pairs

module Extensions =
    type System.String with
        member this.Shout = this.ToUpper () + "!"
        static member Repeat (text : string, count) = String.replicate count text
    type System.Collections.Generic.List<'T> with
        member this.AddTwice item = this.Add item; this.Add item

module Rest =
    let quoted = <@ fun x -> x + 1 @>
    let raw = <@@ 1 + 2 @@>
    let name = typeof<System.Collections.Generic.Dictionary<string, int list>>.Name
    let size = sizeof<Pixel>
    let def = typedefof<Map<_, _>>
    let upward = (upcast "x" : obj)
    let down : string = downcast upward
    let anon = {| Name = "a"; Age = 3 |}
    let older = {| anon with Age = 4; Extra = struct (1, 'c') |}
    let structs = struct {| X = 1 |}
    let area (shape : {| Width : float; Height : float |}) = shape.Width * shape.Height
    let op = Op (fun a b -> a + b)
    let pick = function
        | First 1 | Second (Some 1) -> true
        | Third { contents = 1 } -> false
        | Third _ | First _ | Second _ -> false
    let nested : (int -> (string -> unit)) * (int * int) list[] = Unchecked.defaultof<_>
    let f : struct (int * string) -> int = fun (struct (a, _)) -> a
    let curried = fun (a : int) (_ : string) ([<ParamArray>] c) { contents = d } -> a + d
    assert (op.Invoke (1, 2) = 3)
