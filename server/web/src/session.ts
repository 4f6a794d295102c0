// Signing in and out over plain HTTP. A link carries its token in the fragment, once; the server answers with a cookie that
// scripts cannot read, and each socket is opened with a ticket of one use.
import type { TicketAnswer } from "./wire";

export type SignIn = "signed_in" | "used" | "too_many" | "unreachable";

/** The token of a sign-in link, taken out of the address so that nobody copies it on. */
export function takeToken(): string | undefined {
  const match = /^#token=([^&]+)/.exec(location.hash);
  if (match === null) return undefined;
  history.replaceState(null, "", location.pathname + location.search);
  return decodeURIComponent(match[1]!);
}

export async function signIn(token: string): Promise<SignIn> {
  try {
    const answer = await post("/v1/session", { token });
    if (answer.ok) return "signed_in";
    if (answer.status === 429) return "too_many";
    return answer.status < 500 ? "used" : "unreachable";
  } catch {
    return "unreachable";
  }
}

export async function signOut(): Promise<void> {
  await fetch("/v1/session", { method: "DELETE", credentials: "same-origin" });
}

export async function ticket(): Promise<TicketAnswer> {
  const answer = await post("/v1/ticket", {});
  if (answer.status === 401 || answer.status === 403) return { refused: "signed_out" };
  if (!answer.ok) return { refused: "unreachable" };
  return (await answer.json()) as { ticket: string };
}

function post(path: string, body: unknown): Promise<Response> {
  return fetch(path, {
    method: "POST", credentials: "same-origin", cache: "no-store", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
}
