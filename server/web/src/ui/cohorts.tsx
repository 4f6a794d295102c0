// The cohorts a person has something to do with; who has one goes straight there.
import { useEffect } from "preact/hooks";
import { replace } from "../route";
import { useChanges, useScreen, useWords } from "./context";

export function Cohorts() {
  const { wire, t } = useScreen();
  const words = useWords();
  useChanges(wire);
  const cohorts = wire.welcome?.cohorts;
  const only = cohorts?.length === 1 && !cohorts[0]!.quarantined ? cohorts[0]!.id : "";
  useEffect(() => {
    if (only !== "") replace(`#/${encodeURIComponent(only)}`);
  }, [only]);
  if (cohorts === undefined || only !== "") return <main id="content" class="gate"><p class="loading" role="status">{t("loading")}</p></main>;
  return (
    <main id="content" class="gate">
      <h1>{t(cohorts.length === 0 ? "cohorts_none" : "cohorts_title")}</h1>
      {cohorts.length === 0 && <p>{t("cohorts_none_text")}</p>}
      {cohorts.length === 0 && wire.welcome?.managesHouse && <><p>{t("cohorts_none_house")}</p><pre><code>kvali send --help</code></pre></>}
      <ul class="cohorts">
        {cohorts.map((cohort) => (
          <li key={cohort.id}>
            <a href={`#/${encodeURIComponent(cohort.id)}`}>{cohort.title}</a>
            <span class="quiet">{[words(cohort.programTitle, cohort.program), ...cohort.myRoles.map((role, index) => words(cohort.myRoleLabels[index], role))].join(" · ")}</span>
            {cohort.rehearsal && <span class="badge">{t("rehearsal")}</span>}
            {cohort.quarantined && <span class="badge late" title={t("quarantined_text")}>{t("quarantined")}</span>}
          </li>
        ))}
      </ul>
    </main>
  );
}
