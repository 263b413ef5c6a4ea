// The grammar gives the right scopes to pieces of programs: `node test/grammar.js`.
"use strict";

const fs = require("fs");
const path = require("path");
const textmate = require("vscode-textmate");
const oniguruma = require("vscode-oniguruma");

const CASES = [
  ["let twice f x = f (f x)", "twice", "entity.name.function"],
  ["let x = 1", "let", "keyword.other"],
  ["// let x", "// let x", "comment.line"],
  ["(* a (* b *) c *) d", " c ", "comment.block"],
  ["(* a *) d", "d", "variable.other"],
  ['printfn "%d items" n', "%d", "constant.other.placeholder"],
  ['let s = "a \\n b"', "\\n", "constant.character.escape"],
  ['let s = $"a {name} b"', "name", "meta.interpolation"],
  ['let s = @"C:\\dir"', "C:\\dir", "string.quoted.verbatim"],
  ["let c = 'x'", "'x'", "string.quoted.single"],
  ["let f (x: 'a) = x", "'a", "variable.parameter.type"],
  ["type Shape = Circle of float", "Shape", "entity.name.type"],
  ["module Main.Inner", "Main.Inner", "entity.name.section"],
  ["open System.Text", "System.Text", "entity.name.section"],
  ["[<EntryPoint>]", "EntryPoint", "entity.name.type.attribute"],
  ["member this.Add(n: int) = n", "Add", "entity.name.function.member"],
  ["let n = 0xFFuy", "0xFFuy", "constant.numeric.hex"],
  ["let n = 1_000.5e-3", "1_000.5e-3", "constant.numeric.float"],
  ["for i in 1..10 do ()", "1", "constant.numeric.integer"],
  ["xs |> List.map f", "|>", "keyword.operator.pipe"],
  ["let ``a b`` = 1", "``a b``", "variable.other.quoted"],
  ["#if DEBUG", "if", "keyword.control.directive"],
];

async function load() {
  const wasm = fs.readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")).buffer;
  await oniguruma.loadWASM(wasm);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => {
      const file = path.join(__dirname, "../syntaxes/clef.tmLanguage.json");
      return textmate.parseRawGrammar(fs.readFileSync(file, "utf8"), file);
    },
  });
  return registry.loadGrammar("source.clef");
}

function scopesOf(grammar, line, piece) {
  for (const token of grammar.tokenizeLine(line, textmate.INITIAL).tokens) {
    const text = line.slice(token.startIndex, token.endIndex);
    if (text === piece || text.trim() === piece.trim()) return token.scopes.join(" ");
  }
  return "no such token";
}

load().then((grammar) => {
  const wrong = CASES.filter(([line, piece, scope]) => !scopesOf(grammar, line, piece).includes(scope));
  for (const [line, piece, scope] of wrong) {
    console.error(`${line}: ${piece} is ${scopesOf(grammar, line, piece)}, not ${scope}`);
  }
  console.log(`${CASES.length - wrong.length} of ${CASES.length} right`);
  process.exit(wrong.length ? 1 : 0);
});
