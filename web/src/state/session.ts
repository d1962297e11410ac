import { reactive } from 'vue';
import { ApiError, setCsrfToken } from '../api/http';
import * as api from '../api/session';
import type { Session, User } from '../api/types';

export const session = reactive<{ known: boolean; user: User | null }>({ known: false, user: null });

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

export async function signIn(name: string, password: string): Promise<void> {
  take(await api.signIn(name, password));
}

export async function signOut(): Promise<void> {
  try {
    await api.signOut();
  } finally {
    take(null);
  }
}

export function forgetSession(): void {
  take(null);
}

/** An aid only, the server decides: roles that the pages do not know are let try. */
export function mayRunPatrol(): boolean {
  const roles = session.user?.roles ?? [];
  return roles.length === 0 || roles.some((role) => ['officer', 'duty', 'admin'].includes(role));
}
