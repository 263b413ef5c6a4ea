// Starts `clef language-server` and hands its answers to the editor.
"use strict";

const { execFile } = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

function newClient() {
  const settings = vscode.workspace.getConfiguration("clef");
  const log = settings.get("log");
  const server = {
    command: settings.get("command"),
    args: ["language-server", ...(log ? ["--log", log] : [])],
  };
  return new LanguageClient("clef", "Clef", server, {
    documentSelector: [
      { scheme: "file", language: "clef" },
      { scheme: "untitled", language: "clef" },
    ],
    synchronize: {
      fileEvents: vscode.workspace.createFileSystemWatcher("**/*.{clef,fs,fsi,fsx,fidproj}"),
    },
  });
}

function inTerminal(words) {
  const name = "clef";
  const terminal =
    vscode.window.terminals.find((one) => one.name === name) ?? vscode.window.createTerminal(name);
  terminal.show();
  terminal.sendText(words.map((word) => (/\s/.test(word) ? JSON.stringify(word) : word)).join(" "));
}

async function run(uri) {
  const file = uri ? vscode.Uri.parse(uri) : vscode.window.activeTextEditor?.document.uri;
  if (file) {
    await vscode.workspace.saveAll(false);
    inTerminal([vscode.workspace.getConfiguration("clef").get("command"), "run", file.fsPath]);
  }
}

async function showReferences(uri, position) {
  const where = new vscode.Position(position.line, position.character);
  const file = vscode.Uri.parse(uri);
  const found = await vscode.commands.executeCommand("vscode.executeReferenceProvider", file, where);
  await vscode.commands.executeCommand("editor.action.showReferences", file, where, found);
}

// A report about a program as a page beside it.
async function showReport(uri, option, name) {
  const file = uri ? vscode.Uri.parse(uri) : vscode.window.activeTextEditor?.document.uri;
  if (!file) {
    return;
  }
  const command = vscode.workspace.getConfiguration("clef").get("command");
  const page = path.join(os.tmpdir(), `clef-report-${process.pid}.html`);
  const words = ["explain", option, file.fsPath, "--html", page];
  execFile(command, words, (problem, _, errors) => {
    if (problem) {
      vscode.window.showErrorMessage(errors || problem.message);
      return;
    }
    const title = `${name}: ${path.basename(file.fsPath)}`;
    const panel = vscode.window.createWebviewPanel("clefReport", title, vscode.ViewColumn.Beside, {
      enableScripts: true,
    });
    panel.webview.html = fs.readFileSync(page, "utf8");
    fs.unlinkSync(page);
  });
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("clef.run", run),
    vscode.commands.registerCommand("clef.showReferences", showReferences),
    vscode.commands.registerCommand("clef.showMemory", (uri) =>
      showReport(uri, "--memory", "Memory"),
    ),
    vscode.commands.registerCommand("clef.showChecks", (uri) =>
      showReport(uri, "--checks", "Checks"),
    ),
    vscode.commands.registerCommand("clef.restart", () => client?.restart()),
  );
  client = newClient();
  try {
    await client.start();
  } catch (problem) {
    const command = vscode.workspace.getConfiguration("clef").get("command");
    vscode.window.showErrorMessage(
      `\`${command} language-server\` did not start (${problem?.message ?? problem}). ` +
        "Install it with `pip install 'clef-lang[editor]'`, or set `clef.command`.",
    );
  }
}

async function deactivate() {
  await client?.stop();
}

module.exports = { activate, deactivate };
