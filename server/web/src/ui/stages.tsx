// Where an initiative stands on the way from its first stage to its last: one furrow, drawn as far as it has come.
import type { InitiativeRow } from "../gen/kvali/v1/view_pb.js";
import { State_End } from "../gen/kvali/v1/program_pb.js";
import { useCohort, useScreen, useWords } from "./context";
import { Icon } from "./icon";

export function Stages({ row }: { row: InitiativeRow }) {
  const { t } = useScreen();
  const { board } = useCohort();
  const words = useWords();
  if (row.states.length === 0 || board.stages.length < 2) return null;
  const now = board.stages.findIndex((stage) => row.states.some((state) => state.split(".")[0] === stage.key));
  const succeeded = row.end === State_End.SUCCESS;
  if (now < 0 && !succeeded) return null;
  return (
    <ol class="stages" aria-label={t("where_am_i")}>
      {board.stages.map((stage, index) => {
        const state = succeeded || index < now ? "done" : index === now ? (row.end === State_End.END_UNSPECIFIED ? "now" : "over") : "later";
        return (
          <li key={stage.key} class={state} aria-current={state === "now" ? "step" : undefined}>
            <span class="stage-dot">{state === "done" && <Icon name="tick" />}</span>
            <span>{words(stage.lanes[0]!.stage, stage.key)}<span class="hidden"> ({t(state === "over" ? "ended" : `stage_${state}`)})</span></span>
          </li>
        );
      })}
    </ol>
  );
}
