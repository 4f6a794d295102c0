// What a programme has beside its initiatives (trainings, campaigns, the season itself), and the screens in Georgian: tried on
// asb-cso-capacity, which has both.
import assert from "node:assert/strict";
import { live } from "./browser.mjs";
import { clean, language, open, PATIENCE_MS, theme } from "./steps.mjs";

const GEORGIAN = /[ა-ჰ]/;
const LATIN = /[A-Za-z]{3,}/;

/** The board of a kind, with nothing else chosen. */
async function kind(world, role, name, query = "view=lanes") {
  const page = await world.page(role);
  await live(page);
  await page.evaluate(([asked, more]) => { location.hash = `#/${location.hash.replace(/^#\//, "").split(/[/?]/)[0]}?kind=${asked}&${more}`; }, [name, query]);
  await page.locator(`[data-board-kind="${name}"]`).waitFor({ timeout: PATIENCE_MS });
  return page;
}

const said = async (page, where) => (await page.locator(where).first().innerText()).replace(/\s+/g, " ").trim();

export const SUBJECT_CASES = [
  {
    sentence: "Beside the initiatives each kind has its place with its name and number; the one of its kind shows its state and opens itself",
    needs: ["capacity_manager"],
    async run(world) {
      const page = await kind(world, "capacity_manager", "training");
      await language(page, "en");
      const kinds = await page.evaluate(() => Object.fromEntries([...document.querySelectorAll(".kind")].map((one) => [one.dataset.kindOf, [Number(one.dataset.count), one.querySelector(".kind-name").textContent]])));
      assert.deepEqual(Object.keys(kinds), ["", "season", "training", "workshop", "campaign"]);
      assert.deepEqual([kinds.training, kinds.campaign[1]], [[6, "Trainings"], "Advocacy campaigns"]);
      assert.equal(await page.locator("[data-board]").getAttribute("data-initiatives"), "6");
      assert.equal(await said(page, '[data-kind-of="season"]'), "The programme: Finished");
      await page.reload();
      await page.locator('[data-kind-of="training"][aria-current="page"]').waitFor({ timeout: PATIENCE_MS });
      await page.locator('[data-kind-of="season"]').focus();
      await page.keyboard.press("Enter");
      await page.locator(".panel .initiative[data-kind-of=season]").waitFor({ timeout: PATIENCE_MS });
      assert.match(await said(page, ".panel .timeline"), /All is delivered now: Finished .* Begun now: Being prepared/);
      assert.equal(await page.locator('[data-board-kind="training"]').count(), 1, "what was looked at stays behind it");
      await page.keyboard.press("Escape");
      await page.waitForFunction(() => document.activeElement.dataset.kindOf === "season");
      return Object.entries(kinds).map(([, [count, name]]) => `${name} ${count}`).join(", ");
    },
  },
  {
    sentence: "A training is begun; what is not possible yet says why; who was there is written down one after the other, new ones registered on the way, and then it is held: seen in the other browser within a second",
    needs: ["capacity_manager", "capacity_donor"],
    async run(world) {
      const manager = await kind(world, "capacity_manager", "training");
      const donor = await kind(world, "capacity_donor", "training");
      await language(manager, "en");
      assert.equal(await donor.locator("[data-starts]").count(), 0, "who only looks begins none");
      await manager.locator('[data-starts="training"] button').first().click();
      await manager.locator('[data-starts="training"] button[type="submit"]').click();
      await manager.locator('[data-starts="training"] [role="alert"] a').first().waitFor();
      await manager.locator("#start-training-title").fill("Reading a budget");
      await manager.locator("#start-training-day").fill("2017-07-14");
      await manager.locator('[data-starts="training"] button[type="submit"]').click();
      await manager.locator(".panel .initiative[data-kind-of=training]").waitFor({ timeout: PATIENCE_MS });
      const id = await manager.locator("[data-open]").getAttribute("data-open");
      await donor.locator(`[data-lane="course.planned"] [data-initiative="${id}"]`).waitFor({ timeout: PATIENCE_MS });
      const why = await said(manager, '[data-move="hold"][data-possible="no"] .reasons');
      assert.match(why, /^Somebody was there Present: 0, at least 1 is needed/);
      const list = manager.locator('[data-opens="present"]');
      await list.locator("> .disclosure > button").click();
      for (const [count, persons] of [[1, "3"], [2, "1"]]) {
        if (count === 1) await manager.locator("#new-present-organisation").selectOption({ index: 4 });
        else {
          await list.locator(".new-organisation summary").click();
          await manager.locator("#new-present-organisation-new").fill("An orchard of its own");
          await manager.keyboard.press("Enter");
          await manager.waitForFunction(() => document.getElementById("new-present-organisation").selectedOptions[0].textContent === "An orchard of its own", undefined, { timeout: PATIENCE_MS });
        }
        await manager.locator("#new-present-persons").fill(persons);
        await list.locator('button[type="submit"]').click();
        await manager.locator(`[data-attendance="present"][data-count="${count}"]`).waitFor({ timeout: PATIENCE_MS });
        await manager.waitForFunction(() => document.activeElement.id === "new-present-organisation" && document.activeElement.value === "");
      }
      assert.ok(!/not known/.test(await said(manager, '[data-attendance="present"] tbody')), "names, not ids");
      assert.match(await said(manager, '[data-attendance="present"] tbody'), /An orchard of its own/);
      await open(donor, id);
      assert.equal(await donor.locator('[data-possible="yes"]').count(), 0);
      assert.equal(await donor.locator('[data-attendance="present"] tbody tr').count(), 2);
      const seen = donor.waitForFunction(() => (document.querySelector(".panel .initiative").dataset.states === "course.held" ? performance.timeOrigin + performance.now() : false), undefined, { timeout: PATIENCE_MS, polling: "raf" });
      const button = manager.locator('.panel [data-move="hold"][data-possible="yes"] button');
      await button.evaluate((element) => element.addEventListener("click", () => { window.clicked = performance.timeOrigin + performance.now(); }, { capture: true, once: true }));
      await button.click();
      const took = (await (await seen).jsonValue()) - (await manager.evaluate(() => window.clicked));
      assert.ok(took < 1000, `seen after ${took} ms`);
      await manager.locator('.panel .entry[data-kind="move"]').waitFor({ timeout: PATIENCE_MS });
      assert.match(await said(manager, ".panel .timeline"), /^Held now: Held .* Present ?2 times/);
      await manager.keyboard.press("Escape");
      await donor.keyboard.press("Escape");
      return `“${why}”, then seen after ${Math.round(took)} ms`;
    },
  },
  {
    sentence: "In Georgian: the screen, the program, dates and lengths of time, what is not possible, and a refusal",
    needs: ["capacity_manager"],
    async run(world) {
      const page = await kind(world, "capacity_manager", "training");
      await language(page, "ka");
      for (const where of [".kinds", ".toolbar-end", ".chips", ".flow"]) {
        const words = await said(page, where);
        assert.ok(GEORGIAN.test(words) && !LATIN.test(words), `${where}: ${words}`);
      }
      assert.match(await said(page, ".rehearsal-now"), /\d+ (იანვარი|თებერვალი|მარტი|აპრილი|მაისი|ივნისი|ივლისი|აგვისტო|სექტემბერი|ოქტომბერი|ნოემბერი|დეკემბერი), 2017, \d\d:\d\d$/);
      await page.locator('[data-starts="training"] button').first().click();
      await page.locator("#start-training-title").fill("ა".repeat(161));
      await page.locator('[data-starts="training"] button[type="submit"]').click();
      const refusal = await said(page, '[data-starts="training"] [role="alert"]');
      assert.ok(GEORGIAN.test(refusal) && !LATIN.test(refusal), refusal);
      await page.locator("#start-training-title").fill("ბიუჯეტის კითხვა");
      await page.locator('[data-starts="training"] button[type="submit"]').click();
      await page.locator(".panel .initiative[data-kind-of=training]").waitFor({ timeout: PATIENCE_MS });
      const why = await said(page, '[data-move="hold"][data-possible="no"]');
      const whole = await said(page, ".panel .initiative");
      assert.ok(GEORGIAN.test(why) && !LATIN.test(whole.replaceAll(await page.locator(".me-name").innerText(), "")), whole);
      await theme(page, "dark");
      await clean(page, "a training in Georgian, dark", ".panel");
      await page.locator('.panel [data-move="cancel"] button').first().click();
      await page.locator(".panel [id^=m-cancel-]").fill("გადაიდო");
      await page.locator('.panel [data-move="cancel"] button[type="submit"]').click();
      await page.locator('.panel .entry[data-kind="move"]').waitFor({ timeout: PATIENCE_MS });
      await page.keyboard.press("Escape");
      await clean(page, "trainings in Georgian, dark", "#content");
      await theme(page, "light");
      await language(page, "en");
      return `“${refusal}”, “${why}”`;
    },
  },
  {
    sentence: "Who is entrusted with some initiatives gets a board of them; a kind is found again as a table, by axe without a fault",
    needs: ["capacity_manager", "capacity_expert"],
    async run(world) {
      const expert = await world.page("capacity_expert");
      await expert.locator("[data-board]").waitFor({ timeout: PATIENCE_MS });
      const hers = Number(await expert.locator("[data-board]").getAttribute("data-initiatives"));
      assert.ok(hers > 0 && hers < 10, `${hers} initiatives`);
      const page = await kind(world, "capacity_manager", "campaign", "view=table");
      await page.locator("tbody tr").first().waitFor();
      assert.equal(await said(page, "thead th"), "Advocacy campaign");
      await clean(page, "campaigns as a table", "#content");
      await page.locator("tbody a").first().click();
      await page.locator(".panel .initiative[data-kind-of=campaign]").waitFor({ timeout: PATIENCE_MS });
      await clean(page, "a campaign", ".panel");
      await page.keyboard.press("Escape");
      return `${hers} of hers`;
    },
  },
];
