// run.mjs [SEED [ROUNDS]]: ten kills, a hundred in the long run (KVALI_LONG), each way in which a disk fails, and kills in a migration and in a move for many.
import { check, finish, seeded } from "../story/check.mjs";
import { bulk } from "./bulk.mjs";
import { failing } from "./disk.mjs";
import { killed } from "./killed.mjs";
import { migrating } from "./migrating.mjs";
import { Town } from "./town.mjs";

const seed = Number(process.argv[2] ?? 20170111);
const rounds = Number(process.argv[3] ?? (process.env.KVALI_LONG ? 100 : 10));
console.log(`seed ${seed}`);
const random = seeded(seed), town = new Town(seeded(seed + 1));  // what is asked again takes nothing from the moments
await check("a town of two cohorts under load", () => town.begin(), { fatal: true });
await killed(town, random, rounds);
await failing(town, random, process.env.KVALI_LONG ? 5 : 1);
await migrating(seeded(seed + 2), process.argv[3] ? rounds : process.env.KVALI_LONG ? 50 : 10, 300);
await bulk(seeded(seed + 3), process.argv[3] ? rounds : process.env.KVALI_LONG ? 20 : 6, process.env.KVALI_LONG ? 10_000 : 300);
await check("at last every key that was ever answered gets its answer", async () => {
  await town.judge(town.ledger.answered);
  await town.server.stop();
  town.judge_files();
  return `${town.ledger.acknowledged} acknowledged`;
});
finish();
