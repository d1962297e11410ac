import { request } from './http';
import type { Session, User } from './types';

interface SessionAnswer {
  csrf: string;
  user: string | (Partial<User> & { id?: string });
}

export async function signIn(name: string, password: string, code = ''): Promise<Session> {
  return toSession(
    await request<SessionAnswer>('POST', '/session', { body: { name, password, ...(code ? { code } : {}) }, expectUnauthorised: true, key: null }),
  );
}

export async function currentSession(): Promise<Session> {
  return toSession(await request<SessionAnswer>('GET', '/session', { expectUnauthorised: true }));
}

export async function signOut(): Promise<void> {
  await request<void>('DELETE', '/session', { expectUnauthorised: true });
}

function toSession(answer: SessionAnswer): Session {
  const user = typeof answer.user === 'string' ? { id: answer.user, name: answer.user } : answer.user;
  const name = user.name ?? user.id ?? '';
  return { csrf: answer.csrf, user: { id: user.id ?? name, name, roles: user.roles ?? [], unit: user.unit || null, totp: user.totp ?? false } };
}

/** A secret for an authenticator app: shown once, in force when a code of it has been confirmed. */
export const beginSecondFactor = () => request<{ secret: string; uri: string }>('POST', '/session/totp', { body: {}, key: null });
export const confirmSecondFactor = (code: string) => request<{ totp: boolean }>('POST', '/session/totp/confirm', { body: { code }, key: null });
export const removeSecondFactor = (password: string, code: string) => request<void>('DELETE', '/session/totp', { body: { password, code }, expectUnauthorised: true });
/** What the page of sign-in may offer; a server that cannot say offers the password. */
export const signInMethods = () => request<{ password: boolean; provider: boolean }>('GET', '/session/methods', { expectUnauthorised: true }).catch(() => ({ password: true, provider: false }));
export const providerPath = '/api/v1/session/oidc';
