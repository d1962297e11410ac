// Typed calls of the operations that the OpenAPI document names.
import type { Operations } from '../generated/api';
import { request, type Query, type RequestOptions } from './http';

type Operation = keyof Operations;
type Places<K extends Operation> = [Operations[K]['path']] extends [never] ? { path?: undefined } : { path: Record<Operations[K]['path'], string> };
type Queries<K extends Operation> = [Operations[K]['query']] extends [never] ? { query?: undefined } : { query?: Partial<Record<Operations[K]['query'], Query[string]>> };
type Bodies<K extends Operation> = [Operations[K]['body']] extends [never] ? { body?: undefined } : { body?: Operations[K]['body'] };
type Input<K extends Operation> = Places<K> & Queries<K> & Bodies<K> & Pick<RequestOptions, 'rev' | 'key' | 'signal' | 'expectUnauthorised'>;
type Arguments<K extends Operation> = [Operations[K]['path']] extends [never] ? [input?: Input<K>] : [input: Input<K>];

export function call<K extends Operation>(operation: K, ...[input]: Arguments<K>): Promise<Operations[K]['result']> {
  const [method = 'GET', pattern = ''] = operation.split(' ');
  const { path, ...rest } = (input ?? {}) as { path?: Record<string, string>; query?: Query; body?: unknown };
  const place = pattern.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path?.[name] ?? ''));
  const body = rest.body ?? (method === 'POST' ? {} : undefined);
  return request<Operations[K]['result']>(method, place, { ...rest, body });
}

/** Collections whose records move by events. */
export type Moving = 'findings' | 'cases' | 'notices' | 'responses' | 'verifications' | 'workflows';

export function act<T>(collection: Moving, id: string, event: string, body: object, options: { rev?: number; key?: string } = {}): Promise<T> {
  return request<T>('POST', `/${collection}/${encodeURIComponent(id)}/actions/${encodeURIComponent(event)}`, { body, ...options });
}

export function read<T>(collection: string, id: string): Promise<T> {
  return request<T>('GET', `/${collection}/${encodeURIComponent(id)}`);
}

export function change<T>(collection: string, id: string, body: object, rev?: number): Promise<T> {
  return request<T>('PATCH', `/${collection}/${encodeURIComponent(id)}`, { body, rev });
}
