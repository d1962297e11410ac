// Small things that a browser keeps for its user: saved filters, the time of the last visit.
const PREFIX = 'fengsui.';

export function readKept<T>(key: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key) ?? 'null') as T | null;
  } catch {
    return null;
  }
}

export function writeKept(key: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // A private window may refuse; nothing depends on it.
  }
}

/** The legal basis that this browser's last notice cited. */
export const LAST_BASIS = 'basis';
