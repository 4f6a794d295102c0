/** What a move for many would do, one by one; all pages together. */
export async function previewed(manager, cohort, move, limit = 1000) {
  const whole = { possible: 0, impossible: 0, lines: [] };
  for (let page = ""; ;) {
    const { answer, error } = await manager.ask({ query: { limit, ...(page ? { page } : {}), bulk: { cohort, move } } });
    if (error) throw new Error(JSON.stringify(error));
    const { lines = [], ...rest } = answer.bulk;
    Object.assign(whole, rest);
    whole.lines.push(...lines.map((line) => ({ possible: false, ...line })));
    if (!(page = answer.nextPage)) return whole;
  }
}
