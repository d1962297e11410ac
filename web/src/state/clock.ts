// The server's time, as far as the pages know it, ticking slowly enough for "3 minutes ago".
import { ref } from 'vue';

const TICK_MS = 10_000;
let offset = 0;
export const now = ref(Date.now());

export function takeServerTime(text: string | null | undefined): void {
  const server = text ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(server)) return;
  offset = server - Date.now();
  now.value = server;
}

export function startClock(): void {
  setInterval(() => (now.value = Date.now() + offset), TICK_MS);
}
