// Starts the real server with the demonstration for the browser tests, a second one with a programme that has trainings and
// campaigns beside its initiatives, and a third one with an alliance whose board is about to vote; writes their configuration into FOLDER: the links they print (those of the second as
// capacity_ROLE, of the third as alliance_ROLE), how to kill the first and how to start it again over the same data. Ends, and the servers with it, when its
// standard input ends. KVALI_WEB: they serve the application from that folder in place of the one inside the binary.
//   node serve.mjs KVALI FOLDER
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { cpSync, readFileSync, writeFileSync } from "node:fs";

const [kvali, folder] = process.argv.slice(2);
const web = process.env.KVALI_WEB === undefined ? [] : ["--web-dir", process.env.KVALI_WEB];
const links = {};

const freePort = () => new Promise((resolve) => {
  const probe = createServer().listen(0, "127.0.0.1", () => { const { port } = probe.address(); probe.close(() => resolve(port)); });
});

/** One server: `process` while it runs, and `start`, which resolves with what it printed up to its last line. */
const serving = async (data, program) => {
  const port = await freePort();
  const one = {
    base: `http://127.0.0.1:${port}`,
    start: () => new Promise((resolve, reject) => {
      one.process = spawn(kvali, ["serve", "--no-supervisor", "--data", `${folder}/${data}`, "--listen", `127.0.0.1:${port}`, "--demo", program, ...web]);
      let printed = "";
      one.process.stderr.pipe(process.stderr);
      one.process.stdout.on("data", (text) => { printed += text; if (printed.includes("kvali token --as")) resolve(printed); });
      one.process.once("exit", (code, signal) => reject(new Error(`the server ended with ${code ?? signal} before it served`)));
    }),
  };
  return one;
};

const first = await serving("data", "workflows/socifaction-2017");
const second = await serving("capacity", "workflows/asb-cso-capacity");
// The alliance on the morning on which the vote about its newest applicant was called.
const alliance = `${folder}/alliance-membership`, called = "- {at: 2020-03-02 10:00,";
cpSync("workflows/alliance-membership", alliance, { recursive: true });
const history = readFileSync(`${alliance}/history.yaml`, "utf8"), at = history.indexOf(called);
if (at < 0) throw new Error(`the history of the alliance has no step ${called}`);
writeFileSync(`${alliance}/history.yaml`, history.slice(0, history.indexOf("\n", at) + 1));
const third = await serving("alliance", alliance);
const [printed, of_second, of_third] = await Promise.all([first.start(), second.start(), third.start()]);
const take = (text, prefix) => { for (const [, role, link] of text.matchAll(/^ {2}(\w+) .*\n +(http\S+)$/gm)) links[prefix + role] = link; };
take(printed, "");
take(of_second, "capacity_");
take(of_third, "alliance_");
const { base, start } = first;
const kill = () => new Promise((resolve) => { first.process.once("exit", resolve); first.process.kill("SIGKILL"); });

// The two commands of the configuration come back as lines in a control server of one word each.
const control = createServer((socket) => socket.once("data", async (word) => {
  try { await (word.toString().trim() === "kill" ? kill() : start()); socket.end("done\n"); } catch (error) { socket.end(`${error.message}\n`); }
})).listen(0, "127.0.0.1", () => {
  const ask = (word) => `node -e 'const s=require("net").connect(${control.address().port},"127.0.0.1",()=>s.write("${word}\\n"));s.on("data",d=>{process.exitCode=d.toString().trim()==="done"?0:1});'`;
  writeFileSync(`${folder}/config.json`, JSON.stringify({ base, links, kill: ask("kill"), start: ask("start") }));
  process.stdout.write("serving\n");
});
process.stdin.resume().on("end", () => { for (const one of [first, second, third]) { one.process.removeAllListeners("exit"); one.process.kill("SIGKILL"); } process.exit(0); });
