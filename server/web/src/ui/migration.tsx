// The cohort on its way to another version of its program: how far it is, what waits for a decision and why, and the way back.
import { useEffect, useState } from "preact/hooks";
import { MigrationLine_Verdict, type MigrationLine } from "../gen/kvali/v1/frame_pb.js";
import { Field_Type } from "../gen/kvali/v1/program_pb.js";
import type { MigrationState } from "../gen/kvali/v1/view_pb.js";
import type { Key } from "../i18n";
import { href } from "../route";
import { Busy, Disclosure, Problem, useAction } from "./action";
import { useCohort, useScreen } from "./context";
import { useField, WholeForm } from "./form";

const LINES_MAX = 1000;

/** What runs, in a word. */
export function migrationWord(migration: MigrationState): Key {
  if (migration.undone) return migration.running ? "migration_undoing" : "migration_undone";
  if (migration.paused) return "migration_paused";
  return migration.running ? "migration_running" : "migration_ended";
}

export function Migration({ migration }: { migration: MigrationState }) {
  const { t, wire, announce } = useScreen();
  const { board } = useCohort();
  const action = useAction();
  const ask = async (body: Parameters<typeof wire.call>[1], said: Key) => {
    if ((await action.run(() => wire.call(board.cohort.id, body))) !== undefined) announce(t("done", { what: t(said) }));
  };
  return (
    <div class="migration">
      <p><strong>{t(migrationWord(migration))}</strong> <span data-migrated={migration.moved}>{t("migration_count", { moved: migration.moved, all: migration.initiatives })}</span></p>
      {migration.running && <progress max={migration.initiatives} value={migration.moved + migration.parked} aria-label={t("migration")} />}
      {migration.parked > 0 && <ParkedList migration={migration} />}
      <Problem problem={action.problem} />
      <p class="buttons">
        {migration.running && <button type="button" class="button" disabled={action.busy} onClick={() => ask({ case: "pauseMigration", value: {} }, "migration_pause")}>{t("migration_pause")}</button>}
        {migration.paused && <button type="button" class="button" disabled={action.busy} onClick={() => ask({ case: "resumeMigration", value: {} }, "migration_resume")}>{t("migration_resume")}</button>}
        <Busy action={action} />
      </p>
      {!migration.undone && <Undo />}
    </div>
  );
}

/** Those that wait, asked for anew whenever their number changes, or the language of their sentences. */
function ParkedList({ migration }: { migration: MigrationState }) {
  const { t, wire, route, language } = useScreen();
  const { board } = useCohort();
  const [lines, setLines] = useState<MigrationLine[]>([]);
  useEffect(() => {
    let wanted = true;
    const take = (found: MigrationLine[]) => wanted && setLines(found.filter((line) => line.verdict === MigrationLine_Verdict.PARKED));
    const ask = async () => {
      const found: MigrationLine[] = [];
      for (let page = ""; ;) {
        const answer = await wire.query({ limit: LINES_MAX, page, body: { case: "migration", value: { cohort: board.cohort.id } } });
        found.push(...(answer.migration?.lines ?? []));
        if ((page = answer.nextPage) === "") return found;
      }
    };
    ask().then(take, () => take([]));
    return () => { wanted = false; };
  }, [wire, language, board.cohort.id, migration.migration, migration.parked]);
  return (
    <>
      <h2>{t("migration_parked", { n: migration.parked })}</h2>
      <ul class="plain scroll" data-parked={lines.length}>
        {lines.map((line) => (
          <li key={line.initiative}><a href={href(route, { initiative: line.initiative })}>{line.title || t("untitled")}</a> <span class="quiet">{line.why}</span></li>
        ))}
      </ul>
    </>
  );
}

function Undo() {
  const { t, wire, announce } = useScreen();
  const { board } = useCohort();
  const field = useField();
  const [open, setOpen] = useState(false);
  return (
    <Disclosure label={t("migration_undo")} open={open} setOpen={setOpen}>
      <p>{t("migration_undo_text")}</p>
      <WholeForm id="undo-migration" fields={[field("reason", Field_Type.TEXT, t("reason"))]} needed={() => true} submit={t("migration_undo")}
        onCancel={() => setOpen(false)} onDone={() => (setOpen(false), announce(t("done", { what: t("migration_undo") })))}
        send={(filled) => wire.call(board.cohort.id, { case: "undoMigration", value: { reason: String(filled.find((one) => one.name === "reason")?.value.kind.value ?? "") } })} />
    </Disclosure>
  );
}
