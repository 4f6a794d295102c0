// The held decisions, published together: which they are, what would happen, then one click.
import { useState } from "preact/hooks";
import { everything } from "../model";
import { href } from "../route";
import { type Action, Busy, Disclosure, Problem, useAction } from "./action";
import { useCohort, useScreen, useTitle, useWords, Words } from "./context";

export function PublishDecisions() {
  const { t, wire, route, announce } = useScreen();
  const { board } = useCohort();
  const [open, setOpen] = useState(false);
  const [preview, setPreview] = useState<ReadonlyMap<string, number> | undefined>();
  const action: Action = useAction();
  const words = useWords();
  const title = useTitle();
  // Those of one place where the board shows one place; else of the whole cohort, of whatever kind.
  const held = everything(board).filter((row) => row.held !== "" && (route.locality === "" || row.locality === route.locality));
  const ask = (dry_run: boolean) => action.run(() => wire.call(board.cohort.id, { case: "publishDecisions", value: { locality: route.locality } }, { dry_run }));
  const publish = async () => {
    if ((await ask(false)) === undefined) return;
    setOpen(false);
    announce(t("published"));
  };
  // Asked without being carried out: whether all of it would be, and how many of each.
  const look = async () => {
    const found = new Map<string, number>();
    for (const row of held) found.set(words(row.heldLabel, row.held), (found.get(words(row.heldLabel, row.held)) ?? 0) + 1);
    setPreview((await ask(true)) === undefined ? undefined : found);
  };
  return (
    <Disclosure label={t("publish", { n: held.length })} primary open={open} setOpen={setOpen}>
      <h2>{t("publish_title")}</h2>
      <p>{t("publish_text")}</p>
      <ul class="plain scroll">
        {held.map((row) => (
          <li key={row.id}><a href={href(route, { initiative: row.id })} onClick={() => setOpen(false)}>{title(row)}</a> <span class="quiet">{board.localities.get(row.locality)?.name} · <Words of={row.heldLabel} fallback={row.held} /></span></li>
        ))}
      </ul>
      {preview !== undefined && (
        <div class="notice">
          <p><strong>{t("dry_run_title")}</strong></p>
          <ul class="plain">{[...preview].map(([move, count]) => <li key={move}>{move}: {t("initiatives_n", { n: count })}</li>)}</ul>
        </div>
      )}
      <Problem problem={action.problem} />
      <p class="buttons">
        <button type="button" class="button primary" disabled={action.busy} onClick={publish}>{t("publish_confirm")}</button>
        <button type="button" class="button" disabled={action.busy} onClick={look}>{t("dry_run")}</button>
        <button type="button" class="button plain" onClick={() => setOpen(false)}>{t("cancel")}</button>
        <Busy action={action} />
      </p>
    </Disclosure>
  );
}
