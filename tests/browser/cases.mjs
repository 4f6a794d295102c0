// What is tried. Every wait is for a fact on the screen; the cases look for what any cohort of socifaction-2017 has, and say when
// theirs has none of it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { live } from "./browser.mjs";
import { MANAGER_CASES } from "./cases_manager.mjs";
import { CHOOSING_CASES, MANY_CASES } from "./cases_choosing.mjs";
import { SUBJECT_CASES } from "./cases_subjects.mjs";
import { board, clean, command, findMove, language, open, PATIENCE_MS, states, statesBecome, stranger, theme } from "./steps.mjs";

export const CASES = [
  {
    sentence: "Who has no session reads how to get a link",
    async run(world) {
      const page = await stranger(world);
      await page.locator("main.gate pre", { hasText: "kvali token" }).waitFor();
      assert.equal(await page.locator("html").getAttribute("lang"), "lt");
      await clean(page, "sign-in");
      await page.context().close();
    },
  },
  {
    sentence: "A link that is not good is told apart, and its token leaves the address",
    async run(world) {
      const page = await stranger(world, "#token=not-a-token");
      await page.locator('[role="alert"]').waitFor();
      assert.ok(!page.url().includes("not-a-token"));
      await page.context().close();
    },
  },
  {
    sentence: "The board is there in two languages, and its language is marked",
    needs: ["manager"],
    async run(world) {
      const page = await board(world, "manager");
      const seen = {};
      for (const one of ["lt", "en"]) {
        await language(page, one);
        seen[one] = await page.locator(".stage h2").first().innerText();
      }
      assert.notEqual(seen.lt, seen.en);
      const initiatives = Number(await page.locator("[data-board]").getAttribute("data-initiatives"));
      assert.ok(initiatives > 0, "the board has initiatives");
      assert.ok(await page.locator("[data-locality]").count() > 1, "the board has localities");
      return `${initiatives} initiatives; “${seen.lt.split("\n")[0]}” and “${seen.en.split("\n")[0]}”`;
    },
  },
  {
    sentence: "Every filter is a link that shows the same after a reload",
    needs: ["manager"],
    async run(world) {
      const page = await board(world, "manager");
      const place = await page.locator("[data-locality]").nth(1).getAttribute("data-locality");
      await page.locator(`[data-locality="${place}"]`).click();
      await page.waitForFunction((id) => location.hash.includes(`locality=${id}`), place);
      const all = Number(await page.locator("[data-board]").getAttribute("data-initiatives"));
      const counted = () => page.evaluate(() => new Set([...document.querySelectorAll(".card")].map((one) => one.dataset.initiative)).size);
      const shown = await counted();
      assert.ok(shown < all);
      await page.reload();
      await page.locator(`[data-locality="${place}"][aria-current]`).waitFor();
      await page.waitForFunction((count) => new Set([...document.querySelectorAll(".card")].map((one) => one.dataset.initiative)).size === count, shown);
      await page.goBack();
      await page.waitForFunction(() => !location.hash.includes("locality="));
    },
  },
  {
    sentence: "By keyboard alone: to the search, to a card, into the panel, and back to the card",
    needs: ["manager"],
    async run(world) {
      const page = await board(world, "manager");
      await page.keyboard.press("/");
      assert.equal(await page.evaluate(() => document.activeElement.getAttribute("type")), "search");
      await page.locator(".card > a").first().focus();
      await page.keyboard.press("ArrowRight");
      const id = await page.evaluate(() => document.activeElement.closest(".card").dataset.initiative);
      await page.keyboard.press("Enter");
      await page.locator(`[data-open="${id}"] .initiative`).waitFor();
      await page.waitForFunction(() => document.activeElement.closest(".panel") !== null);
      await page.keyboard.press("Escape");
      await page.waitForFunction((one) => document.activeElement.closest(".card")?.dataset.initiative === one, id);
    },
  },
  ...MANAGER_CASES,
  ...SUBJECT_CASES,
  ...CHOOSING_CASES,
  {
    sentence: "A move made in one browser is seen in the other within a second",
    needs: ["manager", "mentor"],
    async run(world) {
      const manager = await board(world, "manager");
      const mentor = await board(world, "mentor");
      const { id, name, from, button } = await findMove(mentor);
      const before = await states(manager, id);
      assert.notEqual(before, "", "the manager sees it too");
      const seen = manager.waitForFunction(([initiative, states]) => {
        const now = document.querySelector(`[data-initiative="${initiative}"]`)?.dataset.states;
        return now !== states ? performance.timeOrigin + performance.now() : false;
      }, [id, before], { timeout: PATIENCE_MS, polling: "raf" });
      await button.evaluate((element) => { window.clicked = undefined; element.addEventListener("click", () => { window.clicked = performance.timeOrigin + performance.now(); }, { capture: true, once: true }); });
      await button.click();
      const took = (await (await seen).jsonValue()) - (await mentor.evaluate(() => window.clicked));
      world.moved = { id, name, from };
      await statesBecome(mentor, id, await states(manager, id));
      assert.ok(took < 1000, `seen after ${took} ms`);
      return `${name}: ${before} → ${await states(manager, id)}, seen after ${Math.round(took)} ms`;
    },
  },
  {
    sentence: "What a person may not do is not offered to her, and refused when she asks past her screen",
    needs: ["manager", "mentor", "applicant"],
    async run(world) {
      const mentor = await board(world, "mentor");
      const { id, name, from } = await findMove(mentor);
      const applicant = await world.page("applicant");
      await live(applicant);
      await applicant.locator("[data-own]").waitFor({ timeout: PATIENCE_MS });
      assert.equal(await applicant.locator(`[data-possible="yes"][data-move="${name}"][data-from="${from}"]`).count(), 0);
      const before = await states(mentor, id);
      const answer = await command(world, applicant, { makeMove: { initiative: id, move: name, from } });
      assert.ok(["FORBIDDEN", "NOT_FOUND"].includes(answer.error?.code), JSON.stringify(answer));
      assert.equal(await states(mentor, id), before);
      return `${name} by an applicant: ${answer.error.code}`;
    },
  },
  {
    sentence: "What is not possible yet says why",
    needs: ["manager", "mentor"],
    async run(world) {
      for (const role of ["mentor", "manager"]) {
        const page = await board(world, role);
        const ids = await page.evaluate(() => [...new Set([...document.querySelectorAll(".card")].map((one) => one.dataset.initiative))]);
        for (const id of ids) {
          await open(page, id);
          const reason = page.locator('[data-possible="no"] .reasons li').first();
          if (await reason.count() === 0) continue;
          const said = await reason.innerText();
          assert.ok(said.length > 5);
          return `to the ${role}: “${said}”`;
        }
      }
      throw new Error("no initiative has a move that is not possible yet");
    },
  },
  {
    sentence: "A meeting is written down; what is missing is told beside the field and in a summary",
    needs: ["mentor"],
    async run(world) {
      const page = await board(world, "mentor");
      const ids = await page.evaluate(() => [...new Set([...document.querySelectorAll(".card")].map((one) => one.dataset.initiative))]);
      for (const id of ids) {
        await open(page, id);
        const add = page.locator('[data-opens="meetings"]');
        if (await add.count() === 0) continue;
        const before = await page.locator('[data-task^="meetings"]').count();
        await add.locator("> .disclosure > button").click();
        await add.locator('button[type="submit"]').click();
        await add.locator('[role="alert"] a').first().waitFor();
        assert.ok(await add.locator(".field.wrong").count() >= 2);
        await page.locator("#new-meetings-date").fill("2017-02-21");
        await page.locator("#new-meetings-minutes").fill("45");
        await page.locator("#new-meetings-summary").fill("Aptarėme žingsnius.");
        await add.locator('button[type="submit"]').click();
        await page.waitForFunction((count) => document.querySelectorAll('[data-task^="meetings"]').length > count, before, { timeout: PATIENCE_MS });
        return undefined;
      }
      return "none of hers takes meetings";
    },
  },
  {
    sentence: "What an applicant writes is saved by itself, and two who write at once are shown both sides",
    needs: ["applicant"],
    async run(world) {
      const page = await world.page(world.has("writer") ? "writer" : "applicant");
      await live(page);
      const field = page.locator("textarea[id^=f-]").first();
      await field.waitFor({ timeout: PATIENCE_MS });
      const selector = `#${await field.getAttribute("id")}`;
      await field.fill("Pirmas sakinys.");
      await page.locator(".saved").first().waitFor({ timeout: PATIENCE_MS });
      await page.reload();
      await page.waitForFunction((one) => document.querySelector(one)?.value === "Pirmas sakinys.", selector);
      const other = await page.context().newPage();
      await other.goto(page.url());
      await other.waitForFunction((one) => document.querySelector(one)?.value === "Pirmas sakinys.", selector);
      await other.locator(selector).fill("Jos sakinys.");
      await page.locator(selector).fill("Mano sakinys.");
      await page.locator(selector).blur();
      const conflict = other.locator(".conflict");
      const mine = page.locator(".conflict");
      await Promise.race([conflict.waitFor({ timeout: PATIENCE_MS }), mine.waitFor({ timeout: PATIENCE_MS })]);
      const [loser, wanted] = (await conflict.count()) > 0 ? [other, "Jos sakinys."] : [page, "Mano sakinys."];
      await loser.locator(".conflict button").first().click();
      await page.waitForFunction(([one, value]) => document.querySelector(one)?.value === value, [selector, wanted], { timeout: PATIENCE_MS });
      await other.close();
    },
  },
  {
    sentence: "The rehearsal clock moved by the manager is seen by the mentor",
    needs: ["manager", "mentor"],
    async run(world) {
      const manager = await board(world, "manager");
      const mentor = await board(world, "mentor");
      if (await manager.locator(".rehearsal").count() === 0) return "not a rehearsal";
      assert.equal(await mentor.locator(".rehearsal-tools").count(), 0);
      const before = await mentor.locator(".rehearsal").getAttribute("data-now");
      await manager.locator(".rehearsal-tools button").first().click();
      await mentor.waitForFunction((now) => Date.parse(document.querySelector(".rehearsal").dataset.now) - Date.parse(now) === 86_400_000, before, { timeout: PATIENCE_MS });
      return undefined;
    },
  },
  {
    sentence: "Held decisions are previewed and published together",
    needs: ["manager"],
    async run(world) {
      const page = await board(world, "manager");
      const publish = page.locator(".toolbar-end > .disclosure > .button.primary");
      if (await publish.count() === 0) return "none is held";
      await publish.click();
      await page.locator(".sheet .button", { hasText: /What would happen|Kas įvyktų/ }).click();
      await page.locator(".sheet .notice li").first().waitFor({ timeout: PATIENCE_MS });
      await page.locator(".sheet .button.primary").click();
      await publish.waitFor({ state: "detached", timeout: PATIENCE_MS });
      return undefined;
    },
  },
  {
    sentence: "After a lost connection the board says what changed meanwhile",
    needs: ["manager", "mentor"],
    async run(world) {
      const context = await (await world.page("manager")).context().browser().newContext({ storageState: await (await world.page("manager")).context().storageState(), reducedMotion: "reduce" });
      const page = await context.newPage();
      let cut = false;
      const sockets = new Set();
      await page.routeWebSocket(/\/v1\/socket/, (socket) => {
        if (cut) return void socket.close({ code: 4001, reason: "cut" });
        socket.connectToServer();
        sockets.add(socket);
      });
      await page.goto((await world.page("manager")).url());
      await live(page);
      await page.locator(".card").first().waitFor();
      cut = true;
      for (const socket of sockets) await socket.close({ code: 4001, reason: "cut" });
      await page.locator(".banner.offline").waitFor({ timeout: PATIENCE_MS });
      const mentor = await board(world, "mentor");
      const { id, button } = await findMove(mentor);
      const before = await states(mentor, id);
      await button.click();
      await mentor.waitForFunction(([one, old]) => document.querySelector(`[data-initiative="${one}"]`)?.dataset.states !== old, [id, before], { timeout: PATIENCE_MS });
      cut = false;
      await page.locator('.banner.back:not([data-back="0"]) a').first().waitFor({ timeout: 30_000 });
      assert.equal(await states(page, id), await states(mentor, id));
      await context.close();
    },
  },
  {
    sentence: "The server killed and started again: the boards come back, and a click made meanwhile counts once",
    needs: ["manager", "mentor", "restart"],
    async run(world) {
      const manager = await board(world, "manager");
      const mentor = await board(world, "mentor");
      const found = await findMove(mentor).catch(() => undefined);
      const before = found === undefined ? "" : await states(manager, found.id);
      const told = async () => {
        await open(manager, found.id);
        for (const more = manager.locator(".timeline + button"); await more.count() > 0;) await more.click();
        return manager.locator(".timeline .entry-what b", { hasText: new RegExp(`^${label.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`) }).count();
      };
      const label = found === undefined ? "" : (await found.button.innerText()).trim();
      await language(manager, await mentor.locator("html").getAttribute("lang"));
      const already = found === undefined ? 0 : await told();
      const count = await manager.locator("[data-board]").getAttribute("data-initiatives");
      await world.server.kill();
      for (const page of [manager, mentor]) await page.locator(".banner.offline").waitFor({ timeout: PATIENCE_MS });
      await found?.button.click();
      await world.server.start();
      for (const page of [manager, mentor]) await page.locator('[data-connection="live"]').waitFor({ timeout: 30_000 });
      assert.equal(await manager.locator("[data-board]").getAttribute("data-initiatives"), count);
      if (found === undefined) return "without a click: nobody had a move left";
      await manager.waitForFunction(([one, old]) => document.querySelector(`[data-initiative="${one}"]`)?.dataset.states !== old, [found.id, before], { timeout: PATIENCE_MS });
      await manager.locator(".timeline .entry-what b", { hasText: label }).first().waitFor();
      assert.equal(await told(), already + 1, "the click counts once");
      return `${found.name}: ${before} → ${await states(manager, found.id)}`;
    },
  },
  {
    sentence: "A page of another origin gets nothing out of the socket",
    needs: ["manager"],
    async run(world) {
      const elsewhere = createServer((_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>elsewhere</title>"));
      await new Promise((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
      const page = await (await world.page("manager")).context().newPage();
      await page.goto(`http://127.0.0.1:${elsewhere.address().port}/`);
      const answer = await page.evaluate((base) => new Promise((resolve) => {
        const socket = new WebSocket(`${base.replace("http", "ws")}/v1/socket`, "kvali.v1.json");
        socket.onopen = () => socket.send(JSON.stringify({ messages: [{ id: 1, hello: { protocol: 1, ticket: "", locale: "en" } }] }));
        socket.onmessage = (event) => resolve(`heard ${event.data}`);
        socket.onclose = () => resolve("closed");
      }), world.base);
      await page.close();
      elsewhere.close();
      assert.ok(answer === "closed" || !answer.includes("welcome"), answer);
    },
  },
  {
    sentence: "What the boards folded from deltas equals a fresh snapshot",
    needs: ["manager", "mentor"],
    async run(world) {
      const rows = () => JSON.stringify([...document.querySelectorAll(".lane")].map((lane) => [lane.dataset.lane, [...lane.querySelectorAll(".card")].map((one) => one.innerText)]));
      for (const role of ["manager", "mentor"]) {
        const page = await board(world, role);
        await page.waitForFunction(() => document.querySelector(".panel") === null);
        const folded = await page.evaluate(rows);
        await page.reload();
        await page.locator(".card").first().waitFor();
        assert.equal(await page.evaluate(rows), folded, role);
      }
    },
  },
  {
    sentence: "Nothing is wider than a telephone of 375 pixels",
    needs: ["manager", "mentor"],
    async run(world) {
      for (const role of world.roles) {
        const page = await world.page(role);
        await page.setViewportSize({ width: 375, height: 740 });
        await page.evaluate(() => { location.hash = location.hash.replace(/(#\/[^/?]+).*/, "$1"); });
        await page.locator("[data-board] tr, [data-board] .empty-state, [data-own]").first().waitFor({ state: "attached" });
        await page.waitForFunction(() => document.scrollingElement.scrollWidth <= 375, undefined, { timeout: PATIENCE_MS }).catch(async () => assert.fail(`${role}: ${await page.evaluate(() => document.scrollingElement.scrollWidth)} pixels wide`));
      }
      const mentor = await world.page("mentor");
      await mentor.locator("[data-initiative] a").first().click();
      await mentor.locator(".panel .initiative").waitFor();
      assert.ok(await mentor.evaluate(() => document.querySelector(".panel").scrollWidth) <= 375);
      await clean(mentor, "mentor's panel at 375");
      for (const role of world.roles) await (await world.page(role)).setViewportSize({ width: 1440, height: 900 });
    },
  },
  {
    sentence: "axe finds nothing on the board, the table, an initiative and an applicant's page, in two languages and themes",
    needs: ["manager"],
    async run(world) {
      const page = await board(world, "manager");
      // A place of the board has all that sixty cards have, and takes axe a tenth of the time: once what is late, once what is stuck.
      for (const [one, colours, show] of [["lt", "light", "overdue"], ["en", "dark", "stuck"]]) {
        await language(page, one);
        await theme(page, colours);
        await board(world, "manager");
        await page.evaluate((what) => { location.hash = `${location.hash}&show=${what}`; }, show);
        await page.locator(`[data-show="${show}"][aria-current]`).waitFor();
        await clean(page, `board ${one} ${colours}`);
        await page.locator(".card > a").first().click();
        await page.locator(".panel .initiative").waitFor();
        await clean(page, `panel ${one} ${colours}`, ".panel");
        await page.keyboard.press("Escape");
        await page.evaluate(() => { location.hash = location.hash.replace("view=lanes", "view=table"); });
        await page.locator(".board > .table-scroll").waitFor();
        await clean(page, `table ${one} ${colours}`, ".board");
      }
      for (const role of world.roles.filter((each) => ["applicant", "writer"].includes(each))) {
        const own = await world.page(role);
        await own.locator("[data-own]").waitFor();
        for (const colours of ["light", "dark"]) {
          await theme(own, colours);
          await clean(own, `${role} ${colours}`);
        }
      }
    },
  },
  ...MANY_CASES,
  {
    sentence: "No page had a fault, broke the content policy or asked another host",
    async run(world) {
      for (const role of world.roles) {
        const page = await world.page(role);
        assert.deepEqual(page.faults, [], role);
        const hosts = await page.evaluate(() => performance.getEntriesByType("resource").map((one) => new URL(one.name).origin).filter((origin) => origin !== location.origin));
        assert.deepEqual(hosts, [], role);
      }
    },
  },
];
