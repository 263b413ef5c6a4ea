type vector = { x : float; y : float }
type particle = { position : vector; velocity : vector; bounces : int }

let add a b = { x = a.x +. b.x; y = a.y +. b.y }
let scale k v = { x = k *. v.x; y = k *. v.y }

let bounce_x p =
  if p.position.x < 0.0 || p.position.x > 1.0 then
    { p with velocity = { p.velocity with x = -.p.velocity.x }; bounces = p.bounces + 1 }
  else p

let bounce_y p =
  if p.position.y < 0.0 || p.position.y > 1.0 then
    { p with velocity = { p.velocity with y = -.p.velocity.y }; bounces = p.bounces + 1 }
  else p

let step dt p = { p with position = add p.position (scale dt p.velocity) } |> bounce_x |> bounce_y

let energy particles =
  List.fold_left
    (fun sum p -> sum +. (0.5 *. ((p.velocity.x *. p.velocity.x) +. (p.velocity.y *. p.velocity.y))))
    0.0 particles

let initial i =
  { position = { x = float (i mod 100) /. 100.0; y = float (i / 100) /. 50.0 };
    velocity = { x = float (i * 7 mod 11) -. 5.0; y = float (i * 5 mod 13) -. 6.0 };
    bounces = 0 }

let () =
  let particles = ref (List.init 5000 initial) in
  for _ = 1 to int_of_string Sys.argv.(1) do
    particles := List.map (step 0.001) !particles
  done;
  let bounces = List.fold_left (fun sum p -> sum + p.bounces) 0 !particles in
  Printf.printf "%d %.6f\n" bounces (energy !particles)
