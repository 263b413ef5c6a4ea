module App.View

open Elmish
open Feliz

type Page =
    | Home
    | Settings of {| Tab: int |}

type Model = {
    Page: Page
    Count: int
    Items: Map<int, string>
    Error: exn option
}

type Message =
    | Increment
    | Navigate of Page
    | Loaded of Result<(int * string) list, exn>
    | Edit of id: int * text: string

type Config = {
    /// Where the server is.
    Url: string

    /// Seconds.
    Timeout: float<second>
} with
    static member Default = {
        Url = "http://localhost"
        Timeout = 30.0<second>
    }

    member this.IsLocal = this.Url.Contains "localhost"

and [<Measure>] second

let init () : Model * Cmd<Message> =
    {
        Page = Home
        Count = 0
        Items = Map.empty
        Error = None
    },
    Cmd.OfAsync.either
        (fun () -> async {
            let! items = Api.load ()
            return items |> List.map (fun item -> item.Id, item.Text)
        })
        ()
        (Ok >> Loaded)
        (Error >> Loaded)

let update (message: Message) (model: Model) =
    match message with
    | Increment ->
        {
            model with
                Count = model.Count + 1
                Error = None
        },
        Cmd.none
    | Navigate page -> { model with Page = page }, Cmd.none
    | Loaded(Ok items) ->
        let items =
            items
            |> List.filter (fun (id, text) ->
                id > 0
                && text <> ""
                && not (
                    text.StartsWith "#"
                    || text.StartsWith "//"
                )
            )
            |> Map.ofList

        { model with Items = items }, Cmd.none
    | Loaded(Error error) -> { model with Error = Some error }, Cmd.none
    | Edit(id, text) ->
        { model with
            Items =
                model.Items
                |> Map.change id (function
                    | Some _ -> Some text
                    | None -> None) },
        Cmd.none

let button (text: string) (onClick: unit -> unit) =
    Html.button [
        prop.className "button"
        prop.text text
        prop.onClick (fun _ -> onClick ())
        prop.style [ style.color "red"; style.padding 4 ]
    ]

let itemView dispatch (id, text: string) =
    Html.li [
        prop.key id
        prop.children [
            Html.input [
                prop.value text
                prop.onChange (fun (value: string) ->
                    Edit(id, value)
                    |> dispatch
                )
            ]
            if text.Length > 10 then
                Html.span [ prop.text "long" ]
            else
                Html.none
        ]
    ]

let view (model: Model) (dispatch: Message -> unit) =
    let counter = Html.div [
        prop.children [
            Html.h1 (string model.Count)
            button "+" (fun () -> dispatch Increment)
        ]
    ]

    Html.div [
        prop.className [
            "page"
            match model.Page with
            | Home -> "home"
            | Settings { Tab = tab } -> $"settings-{tab}"
        ]

        prop.children [
            counter

            match model.Error with
            | Some error ->
                Html.p error.Message
            | None -> ()

            Html.ul [
                for KeyValue(id, text) in model.Items do
                    itemView dispatch (id, text)
            ]

            yield! [
                button "home" (fun () -> dispatch (Navigate Home))
                button "settings" (fun () ->
                    {| Tab = 1 |}
                    |> Settings
                    |> Navigate
                    |> dispatch)
            ]
        ]
    ]

let routes = router {
    get "/" (htmlString "index")
    post "/api" (fun next ctx -> task {
        let! body = ctx.BindAsync<Message>()
        let response = {|
            status = "ok"
            echo = body
        |}
        return! json response next ctx
    })
    forward "/static" (
        choose [
            route "/a" >=> text "a"
            routef "/b/%i" (fun n -> text (string n))
            setStatusCode 404
        ]
    )
}

let configure (services: IServiceCollection) =
    services
        .AddLogging(fun logging ->
            logging.AddConsole() |> ignore)
        .AddSingleton<Config>(fun _ ->
            Config.Default)
        .AddHttpClient()
    |> ignore

    services.AddCors(fun options ->
        options.AddPolicy(
            "default",
            fun policy ->
                policy
                    .AllowAnyOrigin()
                    .AllowAnyHeader()
                |> ignore
        )
    )

[<EntryPoint>]
let main args =
    let app =
        Program.mkProgram init update view
        |> Program.withErrorHandler (fun (text, error) ->
            eprintfn $"{text}: {error}")
        |> Program.withReactSynchronous "root"

    match args with
    | [| "--help" |]
    | [| "-h" |] ->
        printfn
            """usage: app
  --help"""
        1
    | _ ->
        Program.run app
        0
