// Whether the server can be reached. While it cannot, it is asked every few seconds; pages hear when it is back.
import { reactive } from 'vue';
import { onConnection } from '../api/http';

const ASK_MS = 3000;
export const connection = reactive({ down: false });
const returns = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

export function onReturn(listener: () => void): () => void {
  returns.add(listener);
  return () => returns.delete(listener);
}

function take(reachable: boolean): void {
  if (reachable === !connection.down) return;
  connection.down = !reachable;
  clearInterval(timer);
  if (!reachable) timer = setInterval(() => void ask(), ASK_MS);
  else returns.forEach((listener) => listener());
}

async function ask(): Promise<void> {
  const answer = await fetch('/healthz', { cache: 'no-store' }).catch(() => null);
  if (answer?.ok) take(true);
}

export function watchConnection(): void {
  onConnection(take);
}
