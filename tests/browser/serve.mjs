// Starts the real server with the demonstration for the browser tests, and writes their configuration to standard output: the
// links it prints, how to kill it and how to start it again over the same data. Ends, and the server with it, when its
// standard input ends.
//   node serve.mjs KVALI FOLDER
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { writeFileSync } from "node:fs";

const [kvali, folder] = process.argv.slice(2);
const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, "127.0.0.1", () => { const { port } = probe.address(); probe.close(() => resolve(port)); });
});
const base = `http://127.0.0.1:${port}`;
let server;

/** Starts it; resolves with what it printed up to its last line. */
const start = () => new Promise((resolve, reject) => {
  server = spawn(kvali, ["serve", "--no-supervisor", "--data", `${folder}/data`, "--listen", `127.0.0.1:${port}`, "--demo", "workflows/socifaction-2017"]);
  let printed = "";
  server.stderr.pipe(process.stderr);
  server.stdout.on("data", (text) => { printed += text; if (printed.includes("kvali token --as")) resolve(printed); });
  server.once("exit", (code, signal) => reject(new Error(`the server ended with ${code ?? signal} before it served`)));
});
const kill = () => new Promise((resolve) => { server.once("exit", resolve); server.kill("SIGKILL"); });

const printed = await start();
const links = {};
for (const [, role, link] of printed.matchAll(/^ {2}(\w+) .*\n +(http\S+)$/gm)) links[role] = link;

// The two commands of the configuration come back as lines in a control server of one word each.
const control = createServer((socket) => socket.once("data", async (word) => {
  try { await (word.toString().trim() === "kill" ? kill() : start()); socket.end("done\n"); } catch (error) { socket.end(`${error.message}\n`); }
})).listen(0, "127.0.0.1", () => {
  const ask = (word) => `node -e 'const s=require("net").connect(${control.address().port},"127.0.0.1",()=>s.write("${word}\\n"));s.on("data",d=>{process.exitCode=d.toString().trim()==="done"?0:1});'`;
  writeFileSync(`${folder}/config.json`, JSON.stringify({ base, links, kill: ask("kill"), start: ask("start") }));
  process.stdout.write("serving\n");
});
process.stdin.resume().on("end", () => { server.removeAllListeners("exit"); server.kill("SIGKILL"); process.exit(0); });
