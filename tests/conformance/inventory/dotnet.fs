// Lists the public types of .NET with the names of their members: a line for each.
open System
open System.IO
open System.Reflection

let flags = BindingFlags.Public ||| BindingFlags.Instance ||| BindingFlags.Static ||| BindingFlags.DeclaredOnly

let isOwn (m: MemberInfo) =
    match m with
    | :? MethodBase as b -> not b.IsSpecialName
    | :? Type -> false
    | _ -> not (m.Name.Contains ".")

let assemblies =
    let folder = Path.GetDirectoryName typeof<obj>.Assembly.Location
    let load (file: string) = try Some (Assembly.LoadFrom file) with _ -> None
    Array.append [| typeof<obj>.Assembly |] (Directory.GetFiles (folder, "*.dll") |> Array.choose load)

for assembly in assemblies do
    for t in (try assembly.GetExportedTypes () with _ -> [||]) do
        let members = try t.GetMembers flags |> Array.filter isOwn |> Array.map (fun m -> m.Name) with _ -> [||]
        printfn "%s %s" t.FullName (String.Join (" ", members |> Array.distinct))
