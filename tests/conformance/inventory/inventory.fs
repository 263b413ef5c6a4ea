// Lists what FSharp.Core shows: a line for each function of a module and each member of a type.
open System
open System.Reflection

let attribute (m: MemberInfo) name =
    m.GetCustomAttributesData() |> Seq.tryFind (fun a -> a.AttributeType.Name = name)

let sourceName (m: MemberInfo) =
    match attribute m "CompilationSourceNameAttribute" with
    | Some a -> string a.ConstructorArguments.[0].Value
    | None -> m.Name

let construct (t: Type) =
    match attribute t "CompilationMappingAttribute" with
    | Some a -> unbox<int> a.ConstructorArguments.[0].Value &&& 31
    | None -> 0

let isModule (t: Type) = construct t = int SourceConstructFlags.Module

/// A module's or type's path as F# writes it.
let path (t: Type) =
    let part (name: string) =
        let plain = (name.Split '`').[0]
        let plain = if plain.EndsWith "Module" then plain.Substring(0, plain.Length - 6) else plain
        if plain.StartsWith "FSharp" && plain.Length > 6 then plain.Substring 6 else plain
    let full = t.FullName.Replace('+', '.').Split '.'
    String.Join(".", full |> Array.filter (fun p -> p <> "Microsoft") |> Array.map part |> Array.map (fun p -> if p = "" then "FSharp" else p))

let skipped =
    set [ "CompareTo"; "Equals"; "GetHashCode"; "ToString"; "Tag"; ".ctor"; "Value__"; "get_Tag"; "GetTag"; "HeadOrDefault"; "TailOrNull"; "IsCons" ]

for t in typeof<list<int>>.Assembly.GetExportedTypes() |> Array.sortBy (fun t -> t.FullName) do
    if not (t.Name.EndsWith "Tags" || t.IsNested && not (isModule t) && t.DeclaringType.Name.Contains "Choice") then
        let flags = BindingFlags.Public ||| BindingFlags.Instance ||| BindingFlags.Static ||| BindingFlags.DeclaredOnly
        let names =
            [ for m in t.GetMembers flags do
                let name = sourceName m
                let special = match m with :? MethodBase as b -> b.IsSpecialName && not (b.Name.StartsWith "op_") | _ -> false
                let accessor = name.StartsWith "get_" || name.StartsWith "set_" || name.StartsWith "New"
                if not (m :? Type || special || accessor || skipped.Contains name || (attribute m "CompilerMessageAttribute").IsSome) then
                    yield name ]
            |> List.distinct
            |> List.sort
        let kind = if isModule t then "module" elif typeof<Attribute>.IsAssignableFrom t then "attribute" else "type"
        printfn "%s %s: %s" kind (path t) (String.Join(" ", names))
