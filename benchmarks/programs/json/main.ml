type value =
  | Null
  | Boolean of bool
  | Number of int
  | Text of string
  | List of value list
  | Object of (string * value) list

type reader = { text : string; mutable position : int; buffer : Buffer.t }

let skip r = r.position <- r.position + 1

let blank r =
  while
    r.position < String.length r.text
    && (r.text.[r.position] = ' ' || r.text.[r.position] = '\n')
  do
    skip r
  done

let expect r c = if r.text.[r.position] <> c then failwith "unexpected" else skip r

let word r word value =
  String.iter (expect r) word;
  value

let is_digit c = c >= '0' && c <= '9'

let number r =
  let negative = r.text.[r.position] = '-' in
  if negative then skip r;
  let value = ref 0 in
  while r.position < String.length r.text && is_digit r.text.[r.position] do
    value := (!value * 10) + Char.code r.text.[r.position] - Char.code '0';
    skip r
  done;
  if negative then - !value else !value

let text r =
  expect r '"';
  Buffer.clear r.buffer;
  while r.text.[r.position] <> '"' do
    (if r.text.[r.position] = '\\' then begin
       skip r;
       match r.text.[r.position] with
       | 'n' -> Buffer.add_char r.buffer '\n'
       | c -> Buffer.add_char r.buffer c
     end
     else Buffer.add_char r.buffer r.text.[r.position]);
    skip r
  done;
  skip r;
  Buffer.contents r.buffer

let items r close item =
  skip r;
  blank r;
  if r.text.[r.position] = close then begin
    skip r;
    []
  end
  else
    let rec go items =
      let items = item r :: items in
      blank r;
      if r.text.[r.position] = ',' then begin
        skip r;
        go items
      end
      else begin
        expect r close;
        List.rev items
      end
    in
    go []

let rec value r =
  blank r;
  match r.text.[r.position] with
  | 'n' -> word r "null" Null
  | 't' -> word r "true" (Boolean true)
  | 'f' -> word r "false" (Boolean false)
  | '"' -> Text (text r)
  | '[' -> List (items r ']' value)
  | '{' -> Object (items r '}' field)
  | _ -> Number (number r)

and field r =
  blank r;
  let name = text r in
  blank r;
  expect r ':';
  let item = value r in
  (name, item)

let write_text out text =
  Buffer.add_char out '"';
  String.iter
    (function
      | '"' -> Buffer.add_string out "\\\""
      | '\\' -> Buffer.add_string out "\\\\"
      | '\n' -> Buffer.add_string out "\\n"
      | c -> Buffer.add_char out c)
    text;
  Buffer.add_char out '"'

let rec write out = function
  | Null -> Buffer.add_string out "null"
  | Boolean b -> Buffer.add_string out (string_of_bool b)
  | Number n -> Buffer.add_string out (string_of_int n)
  | Text text -> write_text out text
  | List items ->
    Buffer.add_char out '[';
    List.iteri
      (fun i item ->
        if i > 0 then Buffer.add_char out ',';
        write out item)
      items;
    Buffer.add_char out ']'
  | Object fields ->
    Buffer.add_char out '{';
    List.iteri
      (fun i (name, item) ->
        if i > 0 then Buffer.add_char out ',';
        write_text out name;
        Buffer.add_char out ':';
        write out item)
      fields;
    Buffer.add_char out '}'

let rec sum = function
  | Number n -> n
  | List items -> List.fold_left (fun total item -> total + sum item) 0 items
  | Object fields -> List.fold_left (fun total (_, item) -> total + sum item) 0 fields
  | _ -> 0

let read_file path =
  let channel = open_in_bin path in
  let text = really_input_string channel (in_channel_length channel) in
  close_in channel;
  text

let () =
  let reader = { text = read_file Sys.argv.(1); position = 0; buffer = Buffer.create 16 } in
  let parsed = value reader in
  let out = Buffer.create 16 in
  write out parsed;
  let printed = Buffer.contents out in
  let hash = String.fold_left (fun h c -> ((h * 31) + Char.code c) land 0xffffffff) 7 printed in
  Printf.printf "%d %d %d\n" (sum parsed) (String.length printed) hash
