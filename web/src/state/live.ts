// What the server tells by itself. One stream for the whole application; pages listen to it.
import { shallowReactive } from 'vue';
import { request } from '../api/http';
import { eventStreamPath } from '../api/resources';
import type { ChangeEvent, Finding, Patrol } from '../api/types';

const KEPT = 40;
const RETRY_MS = 5000;

export const live = shallowReactive<{ status: 'offline' | 'connecting' | 'live'; patrol: Patrol | null; newest: Finding[] }>({
  status: 'offline',
  patrol: null,
  newest: [],
});

const listeners = new Set<(finding: Finding) => void>();
const changeListeners = new Set<(change: ChangeEvent) => void>();
let source: EventSource | null = null;
let wanted = false;
let retry: ReturnType<typeof setTimeout> | undefined;

export function onFinding(listener: (finding: Finding) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function onChange(listener: (change: ChangeEvent) => void): () => void {
  changeListeners.add(listener);
  return () => changeListeners.delete(listener);
}

function takeChange(change: ChangeEvent): void {
  changeListeners.forEach((listener) => listener(change));
}

export function takePatrol(patrol: Patrol | null | undefined): void {
  if (patrol) live.patrol = patrol;
}

export function takeFinding(finding: Finding): void {
  live.newest = [finding, ...live.newest.filter((other) => other.id !== finding.id)].slice(0, KEPT);
  listeners.forEach((listener) => listener(finding));
}

export function startLive(): void {
  wanted = true;
  if (source) return;
  live.status = 'connecting';
  source = new EventSource(eventStreamPath);
  source.onopen = () => (live.status = 'live');
  source.onerror = onError;
  source.addEventListener('patrol', (event) => withJson<Patrol>(event, takePatrol));
  source.addEventListener('finding', (event) => withJson<Finding>(event, takeFinding));
  source.addEventListener('change', (event) => withJson<ChangeEvent>(event, takeChange));
}

export function stopLive(): void {
  wanted = false;
  clearTimeout(retry);
  source?.close();
  source = null;
  live.status = 'offline';
}

/** The browser reconnects after a broken connection, but gives up for good after an error status. */
function onError(): void {
  live.status = 'offline';
  if (source?.readyState !== EventSource.CLOSED) return;
  source = null;
  clearTimeout(retry);
  retry = setTimeout(() => void tryAgain(), RETRY_MS);
}

/** A stream that was refused may mean that the session has ended: asking for it tells, and signs out if so. */
async function tryAgain(): Promise<void> {
  await request('GET', '/session').catch(() => undefined);
  if (wanted) startLive();
}

function withJson<T>(event: Event, take: (value: T) => void): void {
  try {
    take(JSON.parse((event as MessageEvent<string>).data) as T);
  } catch {
    // A line that is not JSON tells nothing; the next one will.
  }
}
