namespace Geometry

open System
open System.Collections
open System.Collections.Generic

[<AllowNullLiteral>]
type IVisitor<'T> =
    abstract VisitCircle : radius: float -> 'T
    abstract VisitPolygon : points: (float * float) [] * closed: bool -> 'T
    abstract Name : string with get
    abstract Depth : int with get, set

[<AbstractClass>]
type Shape(name: string) =
    static let mutable count = 0
    let created = DateTime.MinValue
    do count <- count + 1

    /// How many shapes there are.
    static member Count = count
    member val Tag = "" with get, set
    member this.Name with get () = name
    member internal this.Created = created
    abstract member Area : unit -> float
    abstract Scale : float -> Shape
    abstract Describe : unit -> string
    default this.Describe() =
        sprintf "%s with area %.2f" this.Name (this.Area())
    override this.ToString() = this.Describe()

type Circle(radius : float) as self =
    inherit Shape("circle")
    let mutable visits = 0
    do
        self.Tag <- "round"
        visits <- 0
    new() = Circle(1.0)
    new(diameter : int) =
        let r = float diameter / 2.0
        Circle(r)
        then
            printfn "made from a diameter"
    member x.Radius = radius
    member private x.Visits
        with get () = visits
        and set value =
            visits <- value
    override x.Area() = Math.PI * radius * radius
    override x.Scale factor = upcast new Circle(radius * factor)

[<Sealed>]
type Polygon(points : (float * float) list) =
    inherit Shape("polygon")
    let cache = Dictionary<int, float>()
    member this.Item
        with get (index : int) = List.item index points
    member this.Points with get() = points
    member this.Item with get (name : string) = List.length points
    override this.Area() =
        let mutable sum = 0.0
        for (x1, y1), (x2, y2) in List.pairwise points do
            sum <- sum + x1 * y2 - x2 * y1
        abs sum / 2.0
    override this.Scale(factor) =
        Polygon [ for x, y in points -> x * factor, y * factor ] :> Shape
    interface IEnumerable<float * float> with
        member this.GetEnumerator() : IEnumerator<float * float> =
            (points :> seq<_>).GetEnumerator()
        member this.GetEnumerator() : IEnumerator =
            (points :> IEnumerable).GetEnumerator()
    interface IComparable with
        member this.CompareTo other =
            match other with
            | :? Polygon as p -> compare (this.Area()) (p.Area())
            | null -> 1
            | _ -> invalidArg "other" "not a polygon"

type Vector =
    struct
        val X : float
        val Y : float
        new(x, y) = { X = x; Y = y }
        static member (~-) (v : Vector) = Vector(-v.X, -v.Y)
        static member (+) (a : Vector, b : Vector) = Vector(a.X + b.X, a.Y + b.Y)
        static member (.*) (a : Vector, k) = Vector(a.X * k, a.Y * k)
        static member op_Explicit (v : Vector) : float = sqrt (v.X * v.X + v.Y * v.Y)
    end

type Empty = class end

type IMarker = interface end

type Node<'T> =
    val mutable Value : 'T
    val mutable Next : Node<'T> option
    new(value) = { Value = value; Next = None }
    new(value, next) =
        { Value = value
          Next = Some next }

type Callback = delegate of sender: obj * int -> unit

[<Flags>]
type Style =
    | None = 0
    | Filled = 1
    | Dashed = 0b10
    | Both = 3

type Stack<'T when 'T : equality>(?capacity : int) =
    let items = List<'T>(defaultArg capacity 4)
    let changed = Event<'T>()
    [<CLIEvent>]
    member __.Changed = changed.Publish
    member __.Push(item : 'T, ?log : string -> unit) =
        items.Add item
        changed.Trigger item
        log |> Option.iter (fun f -> f "pushed")
    member __.Pop() =
        let last = items.[items.Count - 1] in items.RemoveAt(items.Count - 1)
        last
    member __.Map<'U when 'U : equality>(f : 'T -> 'U) = [ for item in items -> f item ]
    static member Of([<ParamArray>] values : 'T []) =
        let s = Stack<'T>()
        for v in values do s.Push(v)
        s

module Usage =
    let visitor (label : string) =
        { new IVisitor<string> with
            member this.VisitCircle r = sprintf "%s %f" label r
            member this.VisitPolygon(points, closed) = string points.Length
            member this.Name = label
            member this.Depth with get() = 0 and set (v) = ignore v
          interface IDisposable with
            member this.Dispose() = () }

    let comparer = { new IComparer<int> with member _.Compare(a, b) = compare b a }
    let obj1 = { new obj() with
                   override _.ToString() = "custom" }

    let run () =
        let shapes : Shape list = [ Circle(2.0); Polygon [ 0.0, 0.0; 1.0, 0.0; 1.0, 1.0 ] ]
        for s in shapes do
            match s with
            | :? Circle as c when c.Radius > 1.0 -> printfn "%f" c.Radius
            | :? Polygon as p -> printfn "%A" p.[0]
            | _ -> ()
        let stack = Stack<int>(capacity = 8)
        stack.Changed.Add(fun item ->
            printfn "changed %d" item)
        stack.Push(1, log = printfn "%s")
        let v = -Vector(1.0, 2.0) .* 3.0
        printfn "%A %f" (Style.Filled ||| Style.Dashed) v.X
