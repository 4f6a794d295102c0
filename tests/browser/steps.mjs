// The steps that the cases are told in.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { AxeBuilder } from "@axe-core/playwright";
import WebSocket from "ws";
import { live } from "./browser.mjs";

export const PATIENCE_MS = 15_000;
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export async function board(world, role) {
  const page = await world.page(role);
  await live(page);
  await page.evaluate(() => { location.hash = `#/${location.hash.replace(/^#\//, "").split(/[/?]/)[0]}?view=lanes`; });
  await page.locator("[data-board] .lane").first().waitFor({ timeout: PATIENCE_MS });
  return page;
}

export async function language(page, one) {
  await page.locator(`.segments button[lang="${one}"]`).click();
  await page.locator(`html[lang="${one}"]`).waitFor();
  await live(page);
}

export const theme = (page, one) => page.locator(".head select").selectOption(one);

export async function open(page, id) {
  await page.evaluate((initiative) => { location.hash = location.hash.replace(/(#\/[^/?]+)(\/i\/[^?]*)?/, `$1/i/${initiative}`); }, id);
  await page.locator(`[data-open="${id}"] .initiative`).waitFor({ timeout: PATIENCE_MS });
}

export const states = (page, id) => page.evaluate((initiative) => document.querySelector(`[data-initiative="${initiative}"]`)?.dataset.states ?? "", id);
export const statesBecome = (page, id, wanted) => page.waitForFunction(([initiative, states]) => document.querySelector(`[data-initiative="${initiative}"]`)?.dataset.states === states, [id, wanted], { timeout: PATIENCE_MS, polling: "raf" });

/** An initiative on this person's board with a move she may make at one click, opened. */
export async function findMove(page) {
  const ids = await page.evaluate(() => [...new Set([...document.querySelectorAll(".card")].sort((one, other) => other.classList.contains("mine") - one.classList.contains("mine")).map((one) => one.dataset.initiative))]);
  for (const id of ids) {
    await open(page, id);
    const move = page.locator('.panel [data-possible="yes"][data-asks="no"]').first();
    if (await move.count() > 0) return { id, name: await move.getAttribute("data-move"), from: await move.getAttribute("data-from"), button: move.locator("button") };
  }
  throw new Error("nobody's initiative offers this person a move at one click");
}

/** One command by the person of `page`, in JSON, past her screen: what a script with her cookie could do. */
export async function command(world, page, body) {
  const cohort = await page.evaluate(() => decodeURIComponent(location.hash.replace(/^#\//, "").split(/[/?]/)[0]));
  const ticket = await page.evaluate(async () => (await (await fetch("/v1/ticket", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" })).json()).ticket);
  const hex = randomBytes(10).toString("hex");
  const now = Date.now().toString(16).padStart(12, "0");
  const id = `${now.slice(0, 8)}-${now.slice(8)}-7${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
  const socket = new WebSocket(`${world.base.replace("http", "ws")}/v1/socket`, "kvali.v1.json", { origin: world.base });
  const say = (message) => socket.send(JSON.stringify({ messages: [message] }));
  try {
    return await new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error("the server said nothing")), PATIENCE_MS).unref();
      socket.on("error", reject);
      socket.on("close", (code) => reject(new Error(`closed with ${code}`)));
      socket.on("open", () => say({ id: 1, hello: { protocol: 1, client: "browser tests", ticket, locale: "en" } }));
      socket.on("message", (bytes) => {
        for (const message of JSON.parse(bytes.toString()).messages ?? []) {
          if (message.welcome !== undefined) say({ id: 2, call: { command: { id, cohort, channel: "WEB", ...body } } });
          else if (message.id === 2) resolve(message);
        }
      });
    });
  } finally {
    socket.removeAllListeners("close");
    socket.close();
  }
}

/** axe finds nothing; `part` of the page is looked at where the rest has been already. */
export async function clean(page, where, part) {
  const axe = new AxeBuilder({ page }).withTags(TAGS);
  const { violations } = await (part === undefined ? axe : axe.include(part)).analyze();
  assert.deepEqual(violations.map((one) => `${where}: ${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")}`), []);
}

export async function stranger(world, hash = "") {
  const context = await world.browser.newContext({ reducedMotion: "reduce", locale: "lt-LT" });
  const page = await context.newPage();
  await page.goto(`${world.base}/${hash}`);
  return page;
}
