import { computed, reactive } from 'vue';
import { ApiError, setCsrfToken } from '../api/http';
import * as api from '../api/session';
import type { Session, User } from '../api/types';

export const session = reactive<{ known: boolean; user: User | null; ended: boolean }>({ known: false, user: null, ended: false });
/** Requests that wait until the user has signed in again. */
let waiting: ((renewed: boolean) => void)[] = [];

export const roles = computed(() => session.user?.roles ?? []);
/** An aid only, the server decides. */
export const has = (...wanted: string[]) => wanted.some((role) => roles.value.includes(role));
/** Sees a unit's desk: has the role unit and no other. */
export const isUnitOnly = computed(() => roles.value.length > 0 && roles.value.every((role) => role === 'unit'));
export const homeOf = () => (isUnitOnly.value ? '/desk' : '/overview');

function take(answer: Session | null): void {
  session.known = true;
  session.user = answer?.user ?? null;
  setCsrfToken(answer?.csrf ?? '');
}

/** Asks the server once whose session the cookie is; a server that cannot be reached is an error, not "signed out". */
export async function restoreSession(): Promise<void> {
  try {
    take(await api.currentSession());
  } catch (failure) {
    if (!(failure instanceof ApiError) || failure.status !== 401) throw failure;
    take(null);
  }
}

export async function signIn(name: string, password: string, code = ''): Promise<void> {
  take(await api.signIn(name, password, code));
}

export async function signOut(): Promise<void> {
  try {
    await api.signOut();
  } finally {
    take(null);
  }
}

/** The session is over while pages are open: they stay as they are until the same user has signed in again. */
export function renewSession(): Promise<boolean> {
  if (!session.user) return Promise.resolve(false);
  session.ended = true;
  return new Promise((resolve) => waiting.push(resolve));
}

export async function signInAgain(password: string, code = ''): Promise<void> {
  take(await api.signIn(session.user?.name ?? '', password, code));
  settle(true);
}

export function giveUpSession(): void {
  take(null);
  settle(false);
}

function settle(renewed: boolean): void {
  session.ended = false;
  const now = waiting;
  waiting = [];
  now.forEach((resume) => resume(renewed));
}

export function mayRunPatrol(): boolean {
  return has('officer', 'admin');
}
