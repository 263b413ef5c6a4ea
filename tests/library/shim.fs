// What the library's lowest files stand for on .NET: machine operations by name. With it the pure library files compile as ordinary F#.
namespace Clef.Runtime

open System
open System.Text

type InlineIfLambdaAttribute() =
    inherit Attribute()

module EarlyOperators =
    let private unused = 0

module Utf8Cache =
    let strict = UTF8Encoding(false)
    // WTF-8: a lone surrogate takes three bytes.
    let encode (s: string) : byte[] =
        let bytes = ResizeArray<byte>()
        let mutable i = 0
        while i < s.Length do
            let c = int s.[i]
            let mutable point = c
            if Char.IsHighSurrogate s.[i] && i + 1 < s.Length && Char.IsLowSurrogate s.[i + 1] then
                point <- Char.ConvertToUtf32(s.[i], s.[i + 1])
                i <- i + 1
            if point < 0x80 then bytes.Add(byte point)
            elif point < 0x800 then
                bytes.Add(byte (0xC0 ||| (point >>> 6)))
                bytes.Add(byte (0x80 ||| (point &&& 0x3F)))
            elif point < 0x10000 then
                bytes.Add(byte (0xE0 ||| (point >>> 12)))
                bytes.Add(byte (0x80 ||| ((point >>> 6) &&& 0x3F)))
                bytes.Add(byte (0x80 ||| (point &&& 0x3F)))
            else
                bytes.Add(byte (0xF0 ||| (point >>> 18)))
                bytes.Add(byte (0x80 ||| ((point >>> 12) &&& 0x3F)))
                bytes.Add(byte (0x80 ||| ((point >>> 6) &&& 0x3F)))
                bytes.Add(byte (0x80 ||| (point &&& 0x3F)))
            i <- i + 1
        bytes.ToArray()
    let decode (bytes: byte[]) (start: int) (count: int) : string =
        let text = StringBuilder()
        let mutable i = start
        while i < start + count do
            let lead = int bytes.[i]
            let next k = int bytes.[i + k] &&& 0x3F
            let point, size =
                if lead < 0x80 then lead, 1
                elif lead < 0xE0 then ((lead &&& 0x1F) <<< 6) ||| next 1, 2
                elif lead < 0xF0 then ((lead &&& 0xF) <<< 12) ||| (next 1 <<< 6) ||| next 2, 3
                else ((lead &&& 7) <<< 18) ||| (next 1 <<< 12) ||| (next 2 <<< 6) ||| next 3, 4
            if point < 0x10000 then text.Append(char point) |> ignore
            else
                text.Append(char (0xD800 + ((point - 0x10000) >>> 10))).Append(char (0xDC00 + ((point - 0x10000) &&& 0x3FF))) |> ignore
            i <- i + size
        text.ToString()
    let mutable lastText : string = null
    let mutable lastBytes : byte[] = null
    let bytesOf (s: string) =
        if not (Object.ReferenceEquals(s, lastText)) then
            lastBytes <- encode s
            lastText <- s
        lastBytes

module NativeDefault =
    let zeroed () : 'T = Unchecked.defaultof<'T>

[<RequireQualifiedAccess>]
module Raw =
    let byteLength (s: string) : int = (Utf8Cache.bytesOf s).Length
    let utf16Length (s: string) : int = s.Length
    let isAscii (s: string) : bool = Seq.forall (fun c -> c < '\128') s
    let byteAt (s: string) (index: int) : byte = (Utf8Cache.bytesOf s).[index]
    let stringEqual (x: string) (y: string) : bool = String.Equals(x, y)
    let newArray (count: int) : 'T[] = Array.zeroCreate count
    let length (items: 'T[]) : int = items.Length
    let get (items: 'T[]) (index: int) : 'T = items.[index]
    let set (items: 'T[]) (index: int) (value: 'T) : unit = items.[index] <- value
    let copy (source: 'T[]) (sourceOffset: int) (target: 'T[]) (targetOffset: int) (count: int) : unit =
        Array.Copy(source, sourceOffset, target, targetOffset, count)
    let allocate (count: int) : byte[] = Array.zeroCreate count
    let setByte (s: byte[]) (index: int) (value: byte) : unit = s.[index] <- value
    let seal (s: byte[]) : string = Utf8Cache.decode s 0 s.Length
    let add (x: int) (y: int) : int = x + y
    let sub (x: int) (y: int) : int = x - y
    let mulHigh (x: uint64) (y: uint64) : uint64 = uint64 ((bigint x * bigint y) >>> 64)
    let leadingZeros (x: uint64) : int = System.Numerics.BitOperations.LeadingZeroCount x
    let trailingZeros (x: uint64) : int = System.Numerics.BitOperations.TrailingZeroCount x
    let isNull (x: 'T) : bool = obj.ReferenceEquals(box x, null)
    let nullValue () : 'T = Unchecked.defaultof<'T>
    let zero () : 'T = Unchecked.defaultof<'T>
    let same (x: 'T) (y: 'T) : bool = obj.ReferenceEquals(box x, box y)
    let floatBits (x: float) : uint64 = uint64 (BitConverter.DoubleToInt64Bits x)
    let floatOfBits (x: uint64) : float = BitConverter.Int64BitsToDouble(int64 x)
    let float32Bits (x: float32) : uint32 = uint32 (BitConverter.SingleToInt32Bits x)
    let float32OfBits (x: uint32) : float32 = BitConverter.Int32BitsToSingle(int x)
    let structuralEquals (x: 'T) (y: 'T) : bool = Unchecked.equals x y
    let sameValue (x: 'T) (y: 'T) : bool = LanguagePrimitives.GenericEqualityERComparer.Equals(x, y)
    let structuralCompare (x: 'T) (y: 'T) : int = Unchecked.compare x y
    let structuralHash (x: 'T) : int = Unchecked.hash x
    let structuralLess (x: 'T) (y: 'T) : bool = Unchecked.compare x y < 0
    let toString (x: 'T) : string = (box x).ToString()
    let raise (e: exn) : 'T = raise e
    let keep (x: 'T) : unit = ()

module Text =
    let concat3 (a: string) (b: string) (c: string) : string = a + b + c

[<RequireQualifiedAccess>]
module Utf16 =
    let length (s: string) = s.Length
    let charAt (s: string) (i: int) : char = s.[i]
    let charAtUnchecked (s: string) (i: int) : char = s.[i]
    let ofBytes (bytes: byte[]) (start: int) (count: int) : string = Utf8Cache.decode bytes start count
    let ofChars (chars: char[]) (start: int) (count: int) : string = String(chars, start, count)
    let ofChar (c: char) : string = string c
    let toChars (s: string) : char[] = s.ToCharArray()
    let sequenceLength (lead: byte) : int = if lead < 128uy then 1 elif lead < 224uy then 2 elif lead < 240uy then 3 else 4
    let codePointAt (s: string) (position: int) : int =
        let bytes = Utf8Cache.bytesOf s
        let size = sequenceLength bytes.[position]
        let piece = Utf8Cache.decode bytes position size
        if piece.Length = 2 then Char.ConvertToUtf32(piece.[0], piece.[1]) else int piece.[0]
    let slice (s: string) (start: int) (count: int) : string = s.Substring(start, count)
    let substring (s: string) (start: int) (count: int) : string = s.Substring(start, count)
    let byteSlice (s: string) (start: int) (count: int) : string = Utf8Cache.decode (Utf8Cache.bytesOf s) start count
    let concat2 (a: string) (b: string) : string = String.Concat(a, b)
    let concatAll (parts: string[]) : string = String.Concat parts

[<RequireQualifiedAccess>]
module Utf8 =
    let encode (s: string) : byte[] = Encoding.UTF8.GetBytes s
    let decode (bytes: byte[]) (start: int) (count: int) : string = Encoding.UTF8.GetString(bytes, start, count)

module Comparisons =
    let combineHashes (x: int) (y: int) : int = ((x <<< 5) + x) ^^^ y

module Comprehensions =
    let arrayOfReversed (items: 'T list) : 'T[] = items |> List.rev |> List.toArray

namespace Microsoft.FSharp.Core

open System

module Failures =
    let indexOutOfRange () : exn = IndexOutOfRangeException() :> exn
    let argument (message: string) (name: string) : exn = ArgumentException(message, name) :> exn
    let argumentNull (name: string) : exn = ArgumentNullException(name) :> exn
    let outOfRange (name: string) (message: string) : exn = ArgumentOutOfRangeException(name, message) :> exn
    let invalidOperation (message: string) : exn = InvalidOperationException(message) :> exn
    let overflow () : exn = OverflowException() :> exn
    let overflowOf (message: string) : exn = OverflowException(message) :> exn
    let format (message: string) : exn = FormatException(message) :> exn
    let notSupported (message: string) : exn = NotSupportedException(message) :> exn
    let failure (message: string) : exn = Exception(message)

module Comprehensions =
    let arrayOfReversed (items: 'T list) : 'T[] = items |> List.rev |> List.toArray
