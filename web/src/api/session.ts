import { request } from './http';
import type { Session, User } from './types';

interface SessionAnswer {
  csrf: string;
  user: string | (Partial<User> & { id?: string });
}

export async function signIn(name: string, password: string): Promise<Session> {
  return toSession(
    await request<SessionAnswer>('POST', '/session', { body: { name, password }, expectUnauthorised: true }),
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
  return { csrf: answer.csrf, user: { id: user.id ?? name, name, roles: user.roles ?? [], unit: user.unit ?? null } };
}
