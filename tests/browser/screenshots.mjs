// What tests/browser/screenshots draws: CONFIG.json as tests/browser/run takes it, and a folder for all the pictures.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch, live, signIn } from "./browser.mjs";

const README = fileURLToPath(new URL("../../server/web/screenshot.png", import.meta.url));
const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const ONE = ".card.late > a, .table tbody tr:first-child a";

const [, , config, folder] = process.argv;
const { links } = JSON.parse(readFileSync(config, "utf8"));
const browser = await launch();
const pages = new Map();

/** One screen: who looks, in which language and colours, how wide, at which filters, what is opened, how it is called. */
async function draw({ role, language = "en", theme = "light", size = WIDE, query = "", opens, whole = false, path }) {
  if (!pages.has(role)) pages.set(role, await signIn(browser, links[role], { ...size, language, theme }));
  const page = pages.get(role);
  await page.locator("[data-board], [data-own]").waitFor();
  const cohort = await page.evaluate(() => location.hash.replace(/^#\//, "").split(/[/?]/)[0]);
  await page.evaluate(([one, colours]) => { localStorage.setItem("kvali.language", one); localStorage.setItem("kvali.theme", colours); }, [language, theme]);
  await page.setViewportSize(size);
  const base = new URL(page.url()).origin;
  await page.goto("about:blank");
  await page.goto(`${base}/#/${cohort}?${query}`);
  await live(page);
  await page.locator("[data-board], .initiative").first().waitFor();
  if (opens !== undefined) {
    await page.locator(opens).first().click();
    await page.locator(".initiative").waitFor();
  }
  await page.mouse.move(0, 0);
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  await page.screenshot({ path, fullPage: whole });
  console.log([path, ...page.faults].join(" "));
}

if (folder === "") {
  await draw({ role: "manager", path: README });
} else {
  mkdirSync(folder, { recursive: true });
  for (const language of ["en", "lt", "ka"]) {
    for (const theme of ["light", "dark"]) {
      for (const [width, size] of [["wide", WIDE], ["phone", PHONE]]) {
        const screen = (role, name, more = {}) => draw({ role, language, theme, size, path: join(folder, `${role}-${name}-${language}-${theme}-${width}.png`), ...more });
        await screen("manager", "board");
        await screen("manager", "initiative", { query: "show=overdue", opens: ONE });
        if (width === "wide") await screen("manager", "table", { query: "view=table" });
        await screen("mentor", "board");
        await screen("mentor", "initiative", { opens: "[data-initiative] a" });
        await screen("applicant", "page", { whole: true });
        await screen("capacity_manager", "trainings", { query: "kind=training" });
        await screen("capacity_manager", "campaign", { query: "kind=campaign&view=table", opens: "[data-initiative] a" });
      }
    }
  }
}
await browser.close();
