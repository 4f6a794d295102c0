// Debian's Chromium, and people signed in to it: one context (cookies, storage) per person.
import { chromium } from "playwright-core";

export const CHROMIUM = process.env.KVALI_CHROMIUM ?? "/usr/bin/chromium";
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-dev-shm-usage"];

const LOCALES = { en: "en-GB", lt: "lt-LT", ka: "ka-GE" };

export function launch() {
  return chromium.launch({ executablePath: CHROMIUM, headless: true, args: QUIET });
}

/** Opens the sign-in link (good once) in a context of its own; answers the page. Faults of the page are kept in `page.faults`. */
export async function signIn(browser, link, { language = "en", theme = "light", width = 1440, height = 900 } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale: LOCALES[language], colorScheme: theme, timezoneId: "America/New_York", reducedMotion: "reduce" });
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("console", (message) => {
    // A connection refused while the server is down is what one of the tests does on purpose.
    if (message.type() === "error" && !/ERR_CONNECTION|WebSocket connection|ERR_EMPTY_RESPONSE|ERR_SOCKET/.test(message.text())) page.faults.push(message.text());
  });
  await page.goto(link);
  return page;
}

export async function live(page) {
  await page.locator('[data-connection="live"]').waitFor({ timeout: 20_000 });
}
