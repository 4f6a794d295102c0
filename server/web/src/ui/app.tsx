// The whole screen: who is signed in, in which language and colours, at which place; everything below is told by context.
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Directory } from "../directory";
import { Drafts } from "../drafts";
import { chooseLanguage, translator } from "../i18n";
import { parseRoute } from "../route";
import { signOut, ticket } from "../session";
import { Wire } from "../wire";
import { Cohort } from "./cohort";
import { Cohorts } from "./cohorts";
import { ScreenContext, useChanges, type Screen } from "./context";
import { Header, type Theme } from "./header";
import { Gate, type GateState } from "./signin";
import { read, write } from "../settings";

const SAID_FOR_MS = 6_000;

export function App({ gate: first }: { gate: GateState | "open" }) {
  const [language, setLanguage] = useState(() => chooseLanguage(new URLSearchParams(location.search).get("lang"), read("language"), navigator.languages));
  const [theme, setTheme] = useState<Theme>(() => (read("theme") as Theme | null) ?? "auto");
  const [gate, setGate] = useState(first);
  const t = useMemo(() => translator(language), [language]);
  useEffect(() => setGate(first), [first]);
  useEffect(() => {
    document.documentElement.lang = language;
    write("language", language);
    // A language asked for in the address was meant for the first look.
    const address = new URL(location.href);
    if (address.searchParams.has("lang") && address.searchParams.get("lang") !== language) {
      address.searchParams.set("lang", language);
      history.replaceState(null, "", address);
    }
  }, [language]);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    write("theme", theme);
  }, [theme]);
  const chrome = { t, language, setLanguage, theme, setTheme };
  if (gate === "open") return <SignedIn {...chrome} ended={setGate} />;
  return <><Header {...chrome} /><Gate state={gate} t={t} /></>;
}

interface SignedInProps extends Pick<Parameters<typeof Header>[0], "t" | "language" | "setLanguage" | "theme" | "setTheme"> {
  ended: (gate: GateState) => void;
}

function SignedIn({ ended, ...chrome }: SignedInProps) {
  const { t, language } = chrome;
  const [wire] = useState(() => new Wire({ address: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/v1/socket`, ticket, locale: language, client: "kvali-web 0.1" }));
  const [drafts] = useState(() => new Drafts(wire));
  const [directory] = useState(() => new Directory(wire));
  const [hash, setHash] = useState(location.hash);
  const [title, setTitle] = useState({ title: "", program: "" });
  const [said, setSaid] = useState("");
  const saidTimer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => {
    const look = () => setHash(location.hash);
    const awake = () => (wire.retryNow(), wire.ping());
    const visible = () => document.visibilityState === "visible" && awake();
    window.addEventListener("hashchange", look);
    window.addEventListener("online", awake);
    document.addEventListener("visibilitychange", visible);
    wire.start();
    return () => {
      window.removeEventListener("hashchange", look);
      window.removeEventListener("online", awake);
      document.removeEventListener("visibilitychange", visible);
      wire.stop();
    };
  }, [wire]);
  useEffect(() => wire.setLocale(language), [wire, language]);
  useChanges(wire);
  useEffect(() => {
    if (wire.phase !== "ended" || wire.ended === undefined || wire.ended.code === 1000) return;
    ended(wire.ended.reason === "signed_out" ? "no_session" : { outdated: wire.ended.code });
  }, [wire.phase]);
  useEffect(() => {
    document.title = title.title === "" ? "kvali" : `${title.title} – kvali`;
  }, [title]);
  const announce = useCallback((sentence: string) => {
    setSaid(sentence);
    clearTimeout(saidTimer.current);
    saidTimer.current = setTimeout(() => setSaid(""), SAID_FOR_MS);
  }, []);
  const onTitle = useCallback((cohort: string, program: string) => setTitle({ title: cohort, program }), []);
  const leave = async () => {
    await signOut().catch(() => undefined);
    wire.stop();
    ended("signed_out");
  };
  const route = useMemo(() => parseRoute(hash), [hash]);
  const screen: Screen = { wire, drafts, directory, language, t, route, announce };
  const inside = route.cohort !== "";
  return (
    <ScreenContext.Provider value={screen}>
      <Header {...chrome} wire={wire} onSignOut={leave} {...(inside && title.title !== "" ? { title: title.title, kicker: title.program } : {})} />
      {inside ? <Cohort key={route.cohort} id={route.cohort} onTitle={onTitle} /> : <Cohorts />}
      <p class={`toast${said === "" ? "" : " shown"}`} role="status" aria-live="polite">{said}</p>
    </ScreenContext.Provider>
  );
}
