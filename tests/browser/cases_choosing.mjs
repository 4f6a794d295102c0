// Deciding together on the screen: tried on alliance-membership, where a vote has just been called.
import assert from "node:assert/strict";
import { live } from "./browser.mjs";
import { clean, language, PATIENCE_MS, theme } from "./steps.mjs";

/** The one that is before the board, opened beside the board of a role. */
async function before_the_board(world, role) {
  const page = await world.page(role);
  await live(page);
  await language(page, "en");
  await page.locator('.card[data-states="application.board"] a').first().click();
  await page.locator(".panel .initiative").waitFor({ timeout: PATIENCE_MS });
  return page;
}

const said = async (page, where) => (await page.locator(where).first().innerText()).replace(/\s+/g, " ").trim();

export const CHOOSING_CASES = [
  {
    sentence: "A member of the board is told that her vote is missing, and votes; who runs the alliance sees the count in the other browser and gets no ballot; the office sees no vote at all",
    needs: ["alliance_director", "alliance_manager", "alliance_secretary"],
    async run(world) {
      const director = await before_the_board(world, "alliance_director");
      const manager = await before_the_board(world, "alliance_manager");
      const secretary = await before_the_board(world, "alliance_secretary");
      await manager.locator('.vote[data-open="yes"]').waitFor({ timeout: PATIENCE_MS });
      assert.deepEqual([await manager.locator(".ballots").count(), await secretary.locator(".vote").count()], [0, 0], "who is no member has no ballot");
      assert.match(await said(manager, ".vote"), /^Admit · Board OPEN 0 of 7 have voted, 4 are needed/i);
      assert.match(await said(director, ".next"), /^Your vote is missing Admit/);
      assert.match(await said(director, '.card[data-states="application.board"]'), /waits for you/);
      await director.locator('.next a[href="#part-votes"]').click();
      await director.waitForFunction(() => document.activeElement.id === "part-votes");
      await clean(director, "an open vote", ".panel");
      await director.locator('[data-ballot="YES"]').click();
      await director.locator(".vote .mine").waitFor({ timeout: PATIENCE_MS });
      await manager.waitForFunction(() => /1 of 7 have voted/.test(document.querySelector(".vote").innerText), undefined, { timeout: PATIENCE_MS });
      assert.match(await said(director, ".next"), /^Nothing for you to do now/);
      await director.locator('[data-ballot="NO"]').click();
      await director.waitForFunction(() => /Your vote: Against/.test(document.querySelector(".vote").innerText), undefined, { timeout: PATIENCE_MS });
      assert.equal(await director.locator('[data-ballot="NO"]').getAttribute("aria-pressed"), "true");
      await language(director, "ka");
      await theme(director, "dark");
      await clean(director, "a vote in Georgian, dark", ".panel");
      const counted = await said(director, ".vote");
      assert.ok(!/[A-Za-z]{3,}/.test(counted), counted);
      await theme(director, "light");
      await language(director, "en");
      return await said(manager, ".vote");
    },
  },
];

// It takes the moves that others try with one click, so it comes last.
export const MANY_CASES = [
  {
    sentence: "A manager makes one move for all that the filters leave: it is told of each before, done to all at once, and seen on the board",
    needs: ["manager"],
    async run(world) {
      const page = await world.page("manager");
      await live(page);
      await language(page, "en");
      const cohort = await page.evaluate(() => location.hash.replace(/^#\//, "").split(/[/?]/)[0]);
      await page.evaluate((id) => { location.hash = `#/${id}?view=table&state=mentoring.alongside.sessions.open`; }, cohort);
      await page.locator(".many .button").first().waitFor({ timeout: PATIENCE_MS });
      const all = Number(await page.locator("[data-many]").getAttribute("data-many"));
      await page.locator(".many .button").first().click();
      await page.locator("#many-move").selectOption("close");
      await page.locator('.many .buttons button:has-text("What would happen?")').click();
      await page.locator("[data-possible]").first().waitFor({ timeout: PATIENCE_MS });
      const [possible, impossible] = await page.locator(".many .notice").evaluate((one) => [Number(one.dataset.possible), Number(one.dataset.impossible)]);
      assert.equal(possible + impossible, all);
      assert.ok(possible > 0 && impossible > 0, `${possible} and ${impossible}`);
      await page.locator(".many details summary").click();
      assert.match(await said(page, ".many details li"), /three meetings/);
      await clean(page, "a move for many", ".many");
      await page.locator(".many .buttons .primary").click();
      await page.waitForFunction((left) => Number(document.querySelector("[data-many]")?.dataset.many) === left, impossible, { timeout: PATIENCE_MS });
      await page.evaluate((id) => { location.hash = `#/${id}`; }, cohort);
      await page.locator("[data-board]").waitFor({ timeout: PATIENCE_MS });
      return `${possible} moved together, ${impossible} left`;
    },
  },
];
