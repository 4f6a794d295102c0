// What was asked under which key and what came of it; and what the journal has to say to that.
import assert from "node:assert/strict";

/** One command: its key is the command's id. `answer` is missing while nothing came. */
export class Ledger {
  entries = [];

  add(who, command, refused) {
    const entry = { who, command, refused, key: command.id };
    this.entries.push(entry);
    return entry;
  }

  /** Takes an answer; says whether it settles the command. What may be retried is asked again, later, under the same key. */
  take(entry, { result, error }) {
    if (error?.retryable) {
      this.put_off = (this.put_off ?? 0) + 1;
      entry.put_off = error.code;
      return false;
    }
    const what = `${entry.who}: ${JSON.stringify(entry.command)}`;
    if (entry.refused) assert.equal(error?.code, entry.refused, `${what}\n${JSON.stringify(result ?? error)}`);
    else assert.ok(result, `${what}\n${JSON.stringify(error)}`);
    entry.answer = result ? { created: result.created ?? "" } : { code: error.code };
    return true;
  }

  get answered() { return this.entries.filter((entry) => entry.answer); }
  get unanswered() { return this.entries.filter((entry) => !entry.answer); }
  get acknowledged() { return this.entries.filter((entry) => entry.answer && !entry.refused).length; }

  /** What was answered is in the journal once; a refusal left nothing; what had no answer is there once or not at all. */
  judge(journal) {
    for (const entry of this.entries) {
      const times = journal.commits.get(entry.key) ?? 0;
      const told = entry.answer ? "acknowledged" : "unanswered";
      const right = entry.refused ? times === 0 : entry.answer ? times === 1 : times <= 1;
      assert.ok(right, `${told}, and ${times} times in the journal: ${JSON.stringify(entry.command)}`);
    }
    const known = new Set(this.entries.map(({ key }) => key));
    return [...journal.commits.keys()].filter((key) => known.has(key)).length;
  }

  /** The same key again: the same answer, marked as repeated. What was refused is decided again, and refused again. */
  again(entry, { result, error }) {
    const what = `${JSON.stringify(entry.command)}\n${JSON.stringify(result ?? error)}`;
    if (entry.refused) return assert.ok(error, what);
    assert.ok(result?.replayed, `asked again: ${what}`);
    assert.equal(result.created ?? "", entry.answer.created, what);
  }
}

/** The records of all streams as `kvali log` prints them: gapless, in whole commits; how often each command stands there. */
export function read_journal(lines) {
  const journal = { commits: new Map(), heads: new Map(), letters: new Set(), records: lines.length };
  const left = new Map();  // stream → records that its open commit still lacks
  for (const line of lines) {
    const [stream, sequence] = line.split(" ", 2);
    const record = JSON.parse(line.slice(line.indexOf("{")));
    assert.equal(Number(sequence), (journal.heads.get(stream) ?? 0) + 1, `a gap in ${stream}`);
    journal.heads.set(stream, Number(sequence));
    const missing = left.get(stream) ?? 0;
    assert.equal(record.commit === undefined, missing > 0, `a commit that is not whole, before ${stream} ${sequence}`);
    left.set(stream, missing > 0 ? missing - 1 : record.commit.records - 1);
    const key = record.commit?.commandId;
    if (key) journal.commits.set(key, (journal.commits.get(key) ?? 0) + 1);
    for (const [i, told] of Object.entries((record.advanced ?? record.excepted ?? record.blocked)?.told ?? []))
      for (const person of told.persons ?? []) journal.letters.add(`${stream}:${sequence}:${i}:${person}`);
  }
  for (const [stream, missing] of left) assert.equal(missing, 0, `the last commit of ${stream} is not whole`);
  return journal;
}
