// The serving process is killed at random moments, counted in answers, so that a seed names them.
import assert from "node:assert/strict";
import { check } from "../story/check.mjs";

export async function killed(town, random, rounds) {
  await check(`killed ${rounds} times: what was acknowledged is there once, and readers go on where they were`, async () => {
    for (let round = 1; round <= rounds; ++round) {
      const moment = 1 + Math.floor(random() * 400);
      await town.work(moment, () => { town.server.child.kill("SIGKILL"); });
      assert.equal((await town.server.ended).signal, "SIGKILL", town.server.said.join("\n"));
      await town.silence();
      town.judge_files();
      await town.start();
      await town.come_back();
      await town.judge();
    }
    const { entries, acknowledged } = town.ledger;
    return `${entries.length} commands, ${acknowledged} of them acknowledged; ${town.resumed} subscriptions resumed`;
  }, { fatal: true });
}
