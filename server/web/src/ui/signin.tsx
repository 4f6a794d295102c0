// Without a session: how to get in.
import type { SignIn } from "../session";
import type { Translate } from "../i18n";
import { Mark } from "./icon";

export type GateState = SignIn | "working" | "no_session" | "signed_out" | { outdated: number };

export function Gate({ state, t }: { state: GateState; t: Translate }) {
  if (state === "working") return <main class="gate" id="content"><p role="status">{t("signin_working")}</p></main>;
  if (typeof state === "object") {
    return (
      <main class="gate" id="content">
        <h1>{t("outdated_title")}</h1>
        <p>{t("outdated_text", { code: state.outdated })}</p>
        <p><button class="button primary" onClick={() => location.reload()}>{t("reload")}</button></p>
      </main>
    );
  }
  const problem = state === "used" ? t("signin_used") : state === "too_many" ? t("signin_too_many") : state === "unreachable" ? t("signin_unreachable") : "";
  return (
    <main class="gate" id="content">
      <p class="gate-mark"><Mark /></p>
      <h1>{t("signin_title")}</h1>
      {problem !== "" && <p class="notice problem" role="alert">{problem}</p>}
      {state === "signed_out" && <p class="notice" role="status">{t("signed_out")}</p>}
      <p>{t("signin_how")}</p>
      <p>{t("signin_ask")}</p>
      <p class="quiet">{t("signin_admin")}</p>
      <pre class="quiet"><code>kvali token --as NAME</code></pre>
    </main>
  );
}
