// Counts what held and what did not.
let passed = 0, failed = 0;

/** One named fact. A failure is told and, unless `fatal`, the rest goes on. */
export async function check(name, run, { fatal = false } = {}) {
  const start = Date.now();
  try {
    const said = await run();
    ++passed;
    console.log(`ok    ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)${typeof said === "string" ? `: ${said}` : ""}`);
  } catch (fault) {
    ++failed;
    console.log(`FAULT ${name}\n${String(fault?.stack ?? fault).replace(/^/gm, "      ")}`);
    if (fatal) finish();
  }
}

export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}

/** A seeded stream of random numbers in [0, 1) (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  next.shuffled = (list) => {
    const made = [...list];
    for (let i = made.length - 1; i > 0; --i) {
      const j = Math.floor(next() * (i + 1));
      [made[i], made[j]] = [made[j], made[i]];
    }
    return made;
  };
  return next;
}
