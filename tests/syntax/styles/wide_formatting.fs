/// Orders and invoices, formatted the way the common formatter does it.
module Shop.Orders

open System
open System.Collections.Generic

/// Money is kept in cents.
[<Struct>]
type Money =
    { Cents: int64 }

    static member Zero = { Cents = 0L }
    static member (+)(left: Money, right: Money) = { Cents = left.Cents + right.Cents }
    static member (*)(money: Money, factor: int) = { Cents = money.Cents * int64 factor }
    override this.ToString() = sprintf "%d.%02d" (this.Cents / 100L) (this.Cents % 100L)

type Discount =
    | Percentage of rate: float
    | Fixed of amount: Money
    | Tiered of (int * float) list
    | NoDiscount

type Line =
    { Sku: string
      Quantity: int
      Price: Money
      mutable Note: string option }

type Order =
    { Id: Guid
      Lines: Line list
      Discount: Discount
      Placed: DateTime }

exception UnknownSku of string
exception OutOfStock of sku: string * wanted: int with
    override this.Message = "out of stock"

[<RequireQualifiedAccess>]
type Status =
    | Open
    | Paid
    | Shipped of trackingNumber: string

[<AutoOpen>]
module private Constants =
    [<Literal>]
    let MaximumLines = 100

    [<Literal>]
    let Currency = "EUR"

    let emptyNote: string option = None

let total (line: Line) : Money = line.Price * line.Quantity

let rec applyDiscount (discount: Discount) (amount: Money) : Money =
    match discount with
    | NoDiscount -> amount
    | Fixed reduction when reduction.Cents >= amount.Cents -> Money.Zero
    | Fixed reduction -> { Cents = amount.Cents - reduction.Cents }
    | Percentage rate ->
        let factor = 1.0 - rate / 100.0
        { Cents = int64 (float amount.Cents * factor) }
    | Tiered tiers ->
        let applicable =
            tiers
            |> List.filter (fun (limit, _) -> amount.Cents >= int64 limit)
            |> List.sortByDescending fst

        match applicable with
        | [] -> amount
        | (_, rate) :: _ -> applyDiscount (Percentage rate) amount

let orderTotal (order: Order) =
    order.Lines
    |> List.map total
    |> List.fold (+) Money.Zero
    |> applyDiscount order.Discount

let validate (order: Order) : Result<Order, string list> =
    let problems =
        [ if List.isEmpty order.Lines then
              "an order needs a line"
          if order.Lines.Length > MaximumLines then
              "too many lines"
          for line in order.Lines do
              if line.Quantity <= 0 then
                  sprintf "%s: quantity %d" line.Sku line.Quantity
              elif line.Price.Cents < 0L then
                  sprintf "%s: negative price" line.Sku ]

    if problems.IsEmpty then Ok order else Error problems

type Warehouse(initial: seq<string * int>) =
    let stock = Dictionary<string, int>()

    do
        for sku, count in initial do
            stock.[sku] <- count

    member _.Count = stock.Count

    member _.Available(sku: string) : int =
        match stock.TryGetValue sku with
        | true, count -> count
        | false, _ -> raise (UnknownSku sku)

    member this.Take(sku: string, wanted: int) : unit =
        let available = this.Available(sku)

        if available < wanted then
            raise (OutOfStock(sku, wanted))

        stock.[sku] <- available - wanted

    interface IDisposable with
        member _.Dispose() = stock.Clear()

let tryShip (warehouse: Warehouse) (order: Order) =
    try
        for line in order.Lines do
            warehouse.Take(line.Sku, line.Quantity)

        Some(Status.Shipped(order.Id.ToString("N").Substring(0, 8)))
    with
    | UnknownSku sku ->
        printfn "unknown: %s" sku
        None
    | OutOfStock(sku, wanted) -> None

let example =
    { Id = Guid.Empty
      Lines =
        [ { Sku = "A1"
            Quantity = 2
            Price = { Cents = 1050L }
            Note = emptyNote }
          { Sku = "B2"
            Quantity = 1
            Price = { Cents = 399L }
            Note = Some "gift" } ]
      Discount = Tiered [ 1000, 5.0; 2000, 10.0 ]
      Placed = DateTime(2020, 1, 1) }

let report () =
    use warehouse = new Warehouse([ "A1", 5; "B2", 1 ])

    match validate example with
    | Ok order ->
        let status = tryShip warehouse order
        printfn "%O %A" (orderTotal order) status
    | Error problems -> problems |> List.iter (printfn "%s")

report ()
