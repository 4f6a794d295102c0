// The head of every page: what this is, whether it is live, the language and the colours, who I am.
import { LANGUAGES, languageName, type Translate } from "../i18n";
import type { Wire } from "../wire";
import { useChanges } from "./context";
import { Icon, Mark } from "./icon";

export type Theme = "auto" | "light" | "dark";
const THEMES: readonly Theme[] = ["auto", "light", "dark"];

interface HeaderProps {
  t: Translate;
  language: string;
  setLanguage: (language: string) => void;
  theme: Theme;
  setTheme: (theme: Theme) => void;
  wire?: Wire;                   // absent: nobody is signed in
  title?: string;
  kicker?: string;
  onSignOut?: () => void;
}

export function Header({ t, language, setLanguage, theme, setTheme, wire, title, kicker, onSignOut }: HeaderProps) {
  return (
    <header class="head">
      <a class="skip" href="#content" onClick={skip}>{t("skip")}</a>
      <a class="brand" href="#/"><Mark /><span translate={false}>kvali</span></a>
      <div class="head-title">
        {title !== undefined && <p class="head-cohort">{title}</p>}
        <p class="head-kicker">{kicker ?? (title === undefined ? t("product_tagline") : "")}</p>
      </div>
      <div class="head-tools">
        {wire !== undefined && <Connection wire={wire} t={t} />}
        <Segments label={t("language")}>
          {LANGUAGES.map((one) => (
            <button key={one} type="button" lang={one} aria-pressed={one === language} title={languageName(one)} onClick={() => setLanguage(one)}>
              <span aria-hidden="true">{one}</span><span class="hidden">{languageName(one)}</span>
            </button>
          ))}
        </Segments>
        <label class="compact">
          <span class="hidden">{t("theme")}</span>
          <select value={theme} title={t("theme")} onChange={(event) => setTheme(event.currentTarget.value as Theme)}>
            {THEMES.map((one) => <option key={one} value={one}>{t(`theme_${one}`)}</option>)}
          </select>
        </label>
        {wire !== undefined && <Me wire={wire} t={t} {...(onSignOut === undefined ? {} : { onSignOut })} />}
      </div>
    </header>
  );
}

// The fragment is the route, so the skip link moves the focus by hand.
function skip(event: Event): void {
  event.preventDefault();
  const content = document.getElementById("content");
  content?.setAttribute("tabindex", "-1");
  content?.focus();
}

function Segments({ label, children }: { label: string; children: preact.ComponentChildren }) {
  return <div class="segments" role="group" aria-label={label}>{children}</div>;
}

function Connection({ wire, t }: { wire: Wire; t: Translate }) {
  useChanges(wire);
  const phase = wire.phase === "live" ? "live" : wire.phase === "connecting" ? "connecting" : "waiting";
  return (
    <span class={`connection ${phase}`} title={phase === "live" ? t("conn_live_long") : phase === "waiting" ? t("conn_waiting_long") : ""} data-connection={phase}>
      <span class="dot" aria-hidden="true" />{t(`conn_${phase}`)}
    </span>
  );
}

function Me({ wire, t, onSignOut }: { wire: Wire; t: Translate; onSignOut?: () => void }) {
  useChanges(wire);
  const name = wire.welcome?.me?.name ?? "";
  return (
    <details class="me">
      <summary title={t("signed_in_as", { name })}><Icon name="person" /><span class="me-name">{name}</span></summary>
      <div class="menu">
        <p>{t("signed_in_as", { name })}</p>
        {(wire.welcome?.cohorts.length ?? 0) > 1 && <p><a href="#/">{t("all_cohorts")}</a></p>}
        {onSignOut !== undefined && <button type="button" class="button" onClick={onSignOut}>{t("sign_out")}</button>}
      </div>
    </details>
  );
}
