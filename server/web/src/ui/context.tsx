// What every part of the screen may ask: the wire, the language, the route, the clock; given down, never imported as a global.
import { createContext, type ComponentChildren } from "preact";
import { useContext, useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import type { Emitter } from "../emitter";
import type { Directory } from "../directory";
import type { Drafts } from "../drafts";
import type { Text } from "../gen/kvali/v1/program_pb.js";
import type { InitiativeRow, PersonRef } from "../gen/kvali/v1/view_pb.js";
import { pick, type Translate } from "../i18n";
import { boardOf, titleOf, type BoardData } from "../model";
import type { Route } from "../route";
import type { Clock } from "../time";
import type { Wire } from "../wire";

export interface Screen {
  wire: Wire;
  drafts: Drafts;
  directory: Directory;
  language: string;
  t: Translate;
  route: Route;
  announce: (sentence: string) => void;   // to the reader and the screen reader: something was done
}

export interface CohortScreen {
  board: BoardData;
  clock: Clock;
  manager: boolean;
}

export const ScreenContext = createContext<Screen | undefined>(undefined);
export const CohortContext = createContext<CohortScreen | undefined>(undefined);

export function useScreen(): Screen {
  const screen = useContext(ScreenContext);
  if (screen === undefined) throw new Error("no screen around this part");
  return screen;
}

export function useCohort(): CohortScreen {
  const cohort = useContext(CohortContext);
  if (cohort === undefined) throw new Error("no cohort around this part");
  return cohort;
}

/** Everything inside is about this kind of subject. */
export function OfKind({ kind, children }: { kind: string; children: ComponentChildren }) {
  const around = useCohort();
  const board = boardOf(around.board, kind);
  const inside = useMemo(() => ({ ...around, board }), [around, board]);
  return <CohortContext.Provider value={inside}>{children}</CohortContext.Provider>;
}

/** Draws again, at most once a frame, whenever `emitter` tells of a change. */
export function useChanges(emitter: Emitter | undefined): void {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (emitter === undefined) return undefined;
    let asked = 0;
    const stop = emitter.listen(() => {
      if (asked === 0) asked = requestAnimationFrame(() => ((asked = 0), redraw(0)));
    });
    redraw(0);
    return () => {
      stop();
      cancelAnimationFrame(asked);
    };
  }, [emitter]);
}

/** Draws again every `period_ms`, so that "in 3 minutes" stays true. */
export function useTick(period_ms: number): void {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(() => redraw(0), period_ms);
    return () => clearInterval(timer);
  }, [period_ms]);
}

/** A telephone, or a window as narrow as one. */
export const NARROW = "(max-width: 47.99rem)";
/** No room beside the board: the same words as in board.css. */
export const NO_SIDE = "(max-width: 63.99rem), (max-height: 33.99rem)";

/** Whether the window is as the media query says, now and when it changes. */
export function useMedia(asked: string): boolean {
  const query = useMemo(() => window.matchMedia(asked), [asked]);
  const [fits, setFits] = useState(query.matches);
  useEffect(() => {
    const listener = () => setFits(query.matches);
    query.addEventListener("change", listener);
    return () => query.removeEventListener("change", listener);
  }, [query]);
  return fits;
}

export function useEscape(pressed: () => void): void {
  const newest = useRef(pressed);
  newest.current = pressed;
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) newest.current();
    };
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, []);
}

/** A text of the program; marked with its language where that is not the screen's. */
export function Words({ of, fallback = "" }: { of: Text | undefined; fallback?: string }) {
  const { language } = useScreen();
  const picked = pick(of, language);
  if (picked.text === "") return <>{fallback}</>;
  return picked.language === language ? <>{picked.text}</> : <span lang={picked.language}>{picked.text}</span>;
}

export function useWords(): (of: Text | undefined, fallback?: string) => string {
  const { language } = useScreen();
  return (of, fallback = "") => pick(of, language).text || fallback;
}

export function usePersonName(): (person: PersonRef | undefined) => string {
  const { t } = useScreen();
  return (person) => (person === undefined ? "" : person.name || t("persons_erased"));
}

export function useTitle(): (row: InitiativeRow) => string {
  const { t, language } = useScreen();
  const { board } = useCohort();
  return (row) => titleOf(board, row, language) || t("untitled");
}

/** What a kind of meeting, report or list is called. */
export function useKindLabel(): (kind: string) => string {
  const { board } = useCohort();
  const words = useWords();
  return (kind) => words(board.forms.find((one) => one.name === kind)?.label, kind);
}
