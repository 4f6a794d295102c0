// What this browser remembers: language and colours. A browser that refuses to remember is no reason to fail.
export function read(name: string): string | null {
  try {
    return localStorage.getItem(`kvali.${name}`);
  } catch {
    return null;
  }
}

export function write(name: string, value: string): void {
  try {
    localStorage.setItem(`kvali.${name}`, value);
  } catch {
    // Private windows and full disks: it is asked again next time.
  }
}
