// What a programme manager must see at once, find again, and be told when somebody was faster.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { gunzipSync } from "node:zlib";
import { board, clean, command, language, open, PATIENCE_MS } from "./steps.mjs";

/** The ids on the board now, and a wait until they are what `wanted` says of them. */
const shown = (page) => page.evaluate(() => [...new Set([...document.querySelectorAll(".card")].map((one) => one.dataset.initiative))].sort());
const count = (page, number) => page.waitForFunction((wanted) => new Set([...document.querySelectorAll(".card")].map((one) => one.dataset.initiative)).size === wanted, number, { timeout: PATIENCE_MS });

/** Goes to the board with this and nothing else chosen. */
async function choose(page, query) {
  await page.evaluate((asked) => { location.hash = `#/${location.hash.replace(/^#\//, "").split(/[/?]/)[0]}?view=lanes${asked === "" ? "" : `&${asked}`}`; }, query);
  await page.waitForFunction((asked) => location.hash.endsWith(asked), query);
}

function fetched(address, headers) {
  return new Promise((resolve, reject) => {
    request(address, { headers }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part)).on("end", () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
    }).on("error", reject).end();
  });
}

export const MANAGER_CASES = [
  {
    sentence: "The application comes compressed to who takes it, is the same, and is not sent twice",
    async run(world) {
      const address = `${world.base}/assets/app.js`;
      const plain = await fetched(address, {});
      const packed = await fetched(address, { "Accept-Encoding": "gzip, deflate, br" });
      assert.equal(packed.headers["content-encoding"], "gzip");
      assert.ok(gunzipSync(packed.body).equals(plain.body));
      const again = await fetched(address, { "Accept-Encoding": "gzip", "If-None-Match": packed.headers.etag });
      assert.deepEqual([again.status, again.body.length], [304, 0]);
      return `${plain.body.length} bytes as ${packed.body.length}`;
    },
  },
  {
    sentence: "At one glance: every state with its number, what is overdue since when, what is stuck and why, ranks, places",
    needs: ["manager"],
    async run(world) {
      const page = await board(world, "manager");
      await choose(page, "");
      await language(page, "en");
      const numbers = await page.evaluate(() => {
        const ids = (lane) => [...lane.querySelectorAll(".card")].length;
        return { tiles: Object.fromEntries([...document.querySelectorAll(".tile")].map((tile) => [tile.dataset.state, Number(tile.dataset.count)])), lanes: Object.fromEntries([...document.querySelectorAll(".lane")].map((lane) => [lane.dataset.lane, ids(lane)])) };
      });
      assert.ok(Object.keys(numbers.tiles).length > 12, "states that nobody is in are there too");
      for (const [lane, cards] of Object.entries(numbers.lanes)) assert.equal(numbers.tiles[lane], cards, lane);
      const said = {};
      for (const [what, where] of [["overdue", ".card.late .badge.late"], ["stuck", ".card .badge.stuck"], ["rank", '[data-lane$=".waitlist"] .badge'], ["place", ".localities .badge.stuck"], ["region", ".region-name"]]) {
        said[what] = await page.locator(where).first().innerText();
      }
      assert.match(said.overdue, /^Overdue since \d+ \w+$/);
      assert.match(said.stuck, /^Stuck: nobody is assigned \(Expert\)$/);
      assert.match(said.rank, /^No\. \d+ on the waitlist$/);
      assert.equal(await page.locator(".card.late").first().evaluate((card) => card.closest(".lane").dataset.lane), "mentoring.alongside.project.approval");
      const places = await page.evaluate(() => [...document.querySelectorAll(".pips")].map((one) => [Number(one.dataset.taken), Number(one.dataset.held), Number(one.dataset.free)]));
      assert.ok(places.every(([taken, held, free]) => taken + free === 4 && held <= taken), JSON.stringify(places));
      return Object.values(said).map((one) => `“${one.replace(/\n/g, " ")}”`).join(", ");
    },
  },
  {
    sentence: "In sixty initiatives a manager finds hers: by person, by state, what is overdue, stuck, waiting for her, by title; each is an address",
    needs: ["manager"],
    async run(world) {
      const page = await board(world, "manager");
      await choose(page, "");
      const all = (await shown(page)).length;
      const person = await page.locator('[data-filter="person"] optgroup option').first().getAttribute("value");
      await page.locator('[data-filter="person"]').selectOption(person);
      await page.waitForFunction((id) => location.hash.includes(`person=${id}`), person);
      const of_person = await shown(page);
      assert.ok(of_person.length > 0 && of_person.length < all / 4, `${of_person.length} of ${all}`);
      const tile = page.locator('.tile:not(.none)[data-state^="mentoring."]').first();
      const inside = Number(await tile.getAttribute("data-count"));
      await tile.click();
      await page.waitForFunction(() => /person=.*state=/.test(location.hash));
      await count(page, inside);
      await page.reload();
      await count(page, inside);
      const found = {};
      for (const show of ["mine", "overdue", "stuck"]) {
        await choose(page, "");
        const wanted = Number(await page.locator(`[data-show="${show}"] .count`).innerText());
        await page.locator(`[data-show="${show}"]`).click();
        await count(page, wanted);
        assert.ok(page.url().includes(`show=${show}`));
        found[show] = wanted;
      }
      assert.ok(found.overdue > 0 && found.stuck > 0, JSON.stringify(found));
      await choose(page, "");
      const title = await page.locator(".card > a").last().innerText();
      await page.locator('input[type="search"]').fill(title.normalize("NFD").replace(/\p{Mn}/gu, "").toUpperCase());
      await page.waitForFunction((one) => [...document.querySelectorAll(".card > a")].every((link) => link.textContent === one), title);
      assert.match(page.url(), /q=/);
      await page.locator(".toolbar-count a").click();
      await count(page, all);
      return JSON.stringify(found);
    },
  },
  {
    sentence: "To a manager the answers are there to be read, until she asks to change them",
    needs: ["manager"],
    async run(world) {
      const page = await board(world, "manager");
      await open(page, (await shown(page))[0]);
      assert.equal(await page.locator(".panel textarea").count(), 0);
      assert.ok((await page.locator('.panel [data-field="problem"] dd').innerText()).length > 50);
      await page.locator(".panel [data-edits]").click();
      await page.locator("#f-problem").waitFor();
      await page.keyboard.press("Escape");
    },
  },
  {
    sentence: "A refusal is told in the reader's language",
    needs: ["manager"],
    async run(world) {
      const page = await board(world, "manager");
      const late = await page.locator(".card.late").first().getAttribute("data-initiative");
      const said = {};
      for (const one of ["lt", "en"]) {
        await language(page, one);
        await open(page, late);
        await page.locator(".panel .manager-tools .disclosure > button").click();
        await page.locator("#extend-state").selectOption({ index: 1 });
        await page.locator("#extend-to").fill("2017-01-02");
        await page.locator("#extend-reason").fill("Liga");
        await page.locator('.manager-tools button[type="submit"]').click();
        said[one] = await page.locator('.manager-tools [role="alert"]').first().innerText();
        await page.keyboard.press("Escape");
        await page.keyboard.press("Escape");
      }
      assert.match(said.lt, /[ąčęėįšųūž]/);
      assert.match(said.en, /^[\x20-\x7e“”’\n]+$/);
      return `“${said.lt}”, “${said.en}”`;
    },
  },
  {
    sentence: "Who was about to decide is told that somebody was faster, who it was, and keeps her words",
    needs: ["manager", "mentor"],
    async run(world) {
      const manager = await board(world, "manager");
      const mentor = await board(world, "mentor");
      await language(manager, "lt");
      const id = await mentor.locator('[data-lane="mentoring.alongside.project.approval"] .card').first().getAttribute("data-initiative");
      await open(manager, id);
      const move = manager.locator('.panel [data-move="return"]');
      assert.equal(await move.getAttribute("data-instead"), "yes");
      await move.locator("button").first().click();
      await manager.locator("[id^=m-return-]").fill("Trūksta sąmatos.");
      const done = await command(world, mentor, { makeMove: { initiative: id, move: "return", from: "mentoring.alongside.project.approval", reason: { text: "Papildykite biudžetą." } } });
      assert.ok(done.result !== undefined, JSON.stringify(done));
      const notice = manager.locator(".faster");
      await notice.waitFor({ timeout: PATIENCE_MS });
      const said = await notice.innerText();
      assert.ok(said.includes("Trūksta sąmatos.") && said.includes("Papildykite biudžetą."), said);
      assert.ok(said.includes(await mentor.locator(".me-name").innerText()), said);
      await notice.locator("button").click();
      await notice.waitFor({ state: "detached" });
      await manager.keyboard.press("Escape");
      return said.split("\n")[0];
    },
  },
  {
    sentence: "A manager sees the cohort go over to another version, what waits for her decision and why, and takes it back",
    needs: ["manager"],
    async run(world) {
      const page = await board(world, "manager");
      await choose(page, "");
      await language(page, "en");
      const folder = new URL("../../workflows/socifaction-2017/", import.meta.url);
      const files = ["program.yaml", "texts/lt.yaml"].map((path) => ({ path, text: readFileSync(new URL(path, folder), "utf8").replaceAll(/\bscreening\b/g, "checking") }));
      const published = await command(world, page, { publishProgram: { files, message: "Screening is called checking" } });
      assert.ok(published.result !== undefined, JSON.stringify(published));
      const why = "The expert reads it first";
      const plan = `program: socifaction-2017\nstates:\n  application.screening: application.checking\n  mentoring.alongside.project.approval: {park: ${why}}\n`;
      const waiting = await page.locator('[data-lane="mentoring.alongside.project.approval"] .card').count();
      const started = await command(world, page, { startMigration: { plan: { path: "plan.yaml", text: plan }, reason: "A better name" } });
      assert.ok(started.result !== undefined, JSON.stringify(started));
      const panel = page.locator("[data-migration]");
      await page.locator('[data-migration="migration_ended"]').waitFor({ timeout: PATIENCE_MS });
      await panel.locator("summary").click();
      await panel.locator(`[data-parked="${waiting}"]`).waitFor({ timeout: PATIENCE_MS });
      assert.match(await panel.locator("summary").innerText(), new RegExp(`${waiting} needs? a decision`));
      assert.match(await panel.locator("li").first().innerText(), new RegExp(why));
      const said = await panel.locator("[data-migrated]").innerText();
      await clean(page, "the panel of a migration");
      await panel.locator("li a").first().click();
      await page.locator('.panel [data-kind="migration_parked"]').waitFor({ timeout: PATIENCE_MS });
      await page.keyboard.press("Escape");
      if (!(await panel.evaluate((one) => one.open))) await panel.locator("summary").click();
      await panel.locator(".disclosure > button").click();
      await page.locator("#undo-migration-reason").fill("Not yet");
      await panel.locator('button[type="submit"]').click();
      await page.locator('[data-migration="migration_undone"]').waitFor({ timeout: PATIENCE_MS });
      assert.equal(await page.locator('[data-lane="application.checking"]').count(), 0);
      await page.keyboard.press("Escape");
      return `“${said}”`;
    },
  },
];
