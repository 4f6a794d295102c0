// Something that changes and tells. Listeners are called in the order they came, after the change.
export class Emitter {
  private listeners = new Set<() => void>();

  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  protected emit(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
