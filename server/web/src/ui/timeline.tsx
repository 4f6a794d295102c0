// What happened, newest first: what, who, for whom, by which way it came, when.
import { useState } from "preact/hooks";
import type { TimelineEntry } from "../gen/kvali/v1/view_pb.js";
import type { Key } from "../i18n";
import { en } from "../i18n/en";
import { roleLabel, stateLabel } from "../model";
import { useCohort, useKindLabel, useScreen, usePersonName, useWords } from "./context";
import { When } from "./when";

const FIRST = 6;
const STEP = 40;
const DAY_US = 86_400_000_000n;

/** What happened after the entry numbered `seen`, in short: for who was about to decide on what was before. */
export function Since({ entries, seen }: { entries: readonly TimelineEntry[]; seen: bigint }) {
  const newer = entries.filter((entry) => entry.sequence > seen).slice(0, FIRST);
  return newer.length === 0 ? null : <ol class="timeline">{newer.map((entry) => <Entry key={`${entry.sequence}-${entry.kind}-${entry.task}`} entry={entry} />)}</ol>;
}

export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  const { t } = useScreen();
  const [shown, setShown] = useState(FIRST);
  const runs = together(entries);
  const rest = runs.length - shown;
  return (
    <section class="part" aria-labelledby="part-timeline">
      <h3 id="part-timeline">{t("timeline")}</h3>
      <ol class="timeline">{runs.slice(0, shown).map(({ entry, many }) => <Entry key={`${entry.sequence}-${entry.kind}-${entry.task}`} entry={entry} many={many} />)}</ol>
      {rest > 0 && <button type="button" class="button small" onClick={() => setShown(shown + STEP)}>{t("timeline_more", { n: Math.min(rest, STEP) })}</button>}
    </section>
  );
}

/** What one person did over and over within a day (a list filled in, answers saved as they were typed) is one entry. */
function together(entries: readonly TimelineEntry[]): { entry: TimelineEntry; many: number }[] {
  const runs: { entry: TimelineEntry; many: number }[] = [];
  const same = (one: TimelineEntry, other: TimelineEntry) =>
    one.kind === other.kind && (one.kind === "task" || one.kind === "saved") && one.actor?.id === other.actor?.id && one.onBehalfOf?.id === other.onBehalfOf?.id &&
    (one.kind === "task" ? one.task.split("/")[0] === other.task.split("/")[0] : one.task === other.task) && one.atUs - other.atUs < DAY_US;
  for (const entry of entries) {
    const last = runs.at(-1);
    if (last !== undefined && same(last.entry, entry)) last.many += 1;
    else runs.push({ entry, many: 1 });
  }
  return runs;
}

function Entry({ entry, many = 1 }: { entry: TimelineEntry; many?: number }) {
  const { t, language } = useScreen();
  const { board } = useCohort();
  const name = usePersonName();
  const words = useWords();
  const kindLabel = useKindLabel();
  const kind = `kind_${entry.kind}`;
  const by_time = entry.kind === "time";
  const reminded = by_time && entry.entered.length === 0 && entry.told.length > 0;
  const label = words(entry.label);
  const parked = entry.kind === "migration_parked";  // its label is why
  // What belongs to a report or a meeting says which, where there are several: its key is "report/2".
  const [task = "", number = "0"] = entry.task.split("/");
  const of = task === "" ? "" : `${kindLabel(task)}${Number(number) > 0 && many === 1 ? ` ${number}` : ""}`;
  const what = parked ? t("kind_migration_parked") : (label !== "" && entry.kind === "held" ? t("held_as", { move: label }) : label) || (reminded ? t("kind_reminder") : kind in en ? t(kind as Key) : t("kind_other"));
  const channel = `channel_${CHANNEL_NUMBERS[entry.channel.toLowerCase()] ?? 0}`;
  // Who moves a rehearsal's clock makes time pass, not what follows from it.
  const who = by_time || entry.actor === undefined || (entry.actor.id === "" && entry.actor.name === "") ? t("by_time") : name(entry.actor);
  const forWhom = entry.onBehalfOf === undefined || entry.onBehalfOf.id === "" ? "" : t("on_behalf_of", { who: name(entry.onBehalfOf) });
  const entered = entry.entered.filter((path) => board.lanes.has(path)).map((path) => stateLabel(board, path, language));
  return (
    <li class={`entry kind-${entry.kind}`} data-kind={entry.kind}>
      <p class="entry-what"><b>{entry.kind === "task" ? of || what : what}</b>{many > 1 && <> <span class="count">{t("entries_n", { n: many })}</span></>}{entry.kind !== "task" && of !== "" && of !== what && <span class="entry-entered"> {of}</span>}{entered.length > 0 && <span class="entry-entered"> {t("entered", { states: entered.join(" · ") })}</span>}</p>
      {parked && label !== "" && <p class="entry-why">{label}</p>}
      {entry.reason !== "" && <blockquote>{entry.reason}</blockquote>}
      <p class="entry-who">
        {[who, forWhom, channel in en ? t(channel as Key) : ""].filter((part) => part !== "").join(", ")} · <When us={entry.atUs} ends={by_time} full />
        {entry.told.length > 0 && <> · {t("told_roles", { who: entry.told.map((role) => roleLabel(board.cohort, role, language)).join(", ") })}</>}
      </p>
    </li>
  );
}

// Names of the proto's Channel as the view writes them; web and time need no words.
const CHANNEL_NUMBERS: Record<string, number> = { paper: 2, phone: 3, post: 4, import: 5, script: 6 };
