// What was typed outlives a reload, a lost server and a session that ended: kept in this tab only, and dropped when it has been sent.
import { onBeforeUnmount, watch, type Ref } from 'vue';

const PREFIX = 'fengsui.draft.';
const WAIT_MS = 300;

function store(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

export function readDraft<T>(name: string): T | null {
  try {
    return JSON.parse(store()?.getItem(PREFIX + name) ?? 'null') as T | null;
  } catch {
    return null;
  }
}

export function dropDraft(name: string): void {
  store()?.removeItem(PREFIX + name);
}

export function writeDraft(name: string, value: unknown): void {
  try {
    store()?.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // A full store loses the draft only, not the page.
  }
}

/** Restores `value` from the draft of that name, and keeps it from then on. `clear` forgets it. */
export function useDraft<T extends object>(name: string, value: Ref<T>): { restored: boolean; clear: () => void } {
  const kept = readDraft<T>(name);
  if (kept) value.value = { ...value.value, ...kept };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = watch(value, (now) => {
    clearTimeout(timer);
    timer = setTimeout(() => writeDraft(name, now), WAIT_MS);
  }, { deep: true });
  const clear = () => {
    clearTimeout(timer);
    stop();
    dropDraft(name);
  };
  onBeforeUnmount(() => clearTimeout(timer));
  return { restored: kept !== null, clear };
}

export function dropAllDrafts(): void {
  const all = store();
  if (all) Object.keys(all).filter((key) => key.startsWith(PREFIX)).forEach((key) => all.removeItem(key));
}
