// The beginning: a sign-in link is spent, once, before anything else; then the screen.
import { render } from "preact";
import { signIn, takeToken } from "./session";
import { App } from "./ui/app";
import type { GateState } from "./ui/signin";
import "./styles/base.css";
import "./styles/board.css";
import "./styles/panel.css";

const root = document.getElementById("app")!;

function show(gate: GateState | "open"): void {
  render(<App gate={gate} />, root);
}

async function begin(): Promise<void> {
  const token = takeToken();
  if (token === undefined) return show("open");
  show("working");
  const answer = await signIn(token);
  show(answer === "signed_in" ? "open" : answer);
}

// A link opened in a tab that is already running changes only the fragment.
window.addEventListener("hashchange", () => {
  if (location.hash.startsWith("#token=")) void begin();
});
void begin();
