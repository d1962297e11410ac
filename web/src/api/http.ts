// One place that talks HTTP: same origin, JSON, problem+json errors, CSRF token and idempotency key on what changes something. A session
// that has ended is renewed once and the request goes out again; a server that is gone is told to whoever watches the connection.
const BASE = '/api/v1';

let csrfToken = '';
let unauthorised: () => boolean | Promise<boolean> | void = () => undefined;
let connection: (reachable: boolean) => void = () => undefined;

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** The listener may have the user sign in again: true (or a promise of it) sends the request once more. */
export function onUnauthorised(listener: () => boolean | Promise<boolean> | void): void {
  unauthorised = listener;
}

export function onConnection(listener: (reachable: boolean) => void): void {
  connection = listener;
}

/** One of the laws in force in place of the one cited (422). */
export interface Suggestion {
  law: string;
  version: string;
  article: string;
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly retryAfter: number | null = null,
    readonly missing: string[] = [],
    readonly suggest: Suggestion[] = [],
    /** Whatever else the problem says. */
    readonly members: Record<string, unknown> = {},
  ) {
    super(detail || code);
    this.name = 'ApiError';
  }
}

export type Query = Record<string, string | number | null | undefined>;
export interface RequestOptions {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
  /** Revision that the change is based on. */
  rev?: number;
  /** Given by whoever may have to repeat the same POST; null: an answer that must not be kept. */
  key?: string | null;
  /** A 401 is an answer here, not the end of the session. */
  expectUnauthorised?: boolean;
}

export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function buildPath(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return `${BASE}${path}${text ? `?${text}` : ''}`;
}

export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const settled = { ...options, key: options.key === undefined && method === 'POST' ? newKey() : options.key };
  let response = await send(method, path, settled);
  if (response.status === 401 && !options.expectUnauthorised && (await unauthorised())) response = await send(method, path, settled);
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  throw await readProblem(response);
}

/** A document as its text: what is not JSON. */
export async function requestText(path: string): Promise<string> {
  let response = await send('GET', path, {});
  if (response.status === 401 && (await unauthorised())) response = await send('GET', path, {});
  if (response.ok) return response.text();
  throw await readProblem(response);
}

function headersOf(method: string, options: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET' && csrfToken) headers['X-CSRF-Token'] = csrfToken;
  if (method === 'POST' && options.key) headers['Idempotency-Key'] = options.key;
  if (options.rev !== undefined) headers['If-Match'] = `"${options.rev}"`;
  return headers;
}

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  try {
    const response = await fetch(buildPath(path, options.query), {
      method,
      headers: headersOf(method, options),
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: options.signal,
    });
    connection(true);
    return response;
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === 'AbortError') throw failure;
    connection(false);
    throw new ApiError(0, 'network', '');
  }
}

async function readProblem(response: Response): Promise<ApiError> {
  let body: Record<string, unknown> = {};
  try {
    body = (await response.json()) as Record<string, unknown>;
  } catch {
    body = {};
  }
  const text = (name: string) => (typeof body[name] === 'string' ? (body[name] as string) : '');
  const missing = Array.isArray(body.missing) ? body.missing.map(String) : [];
  const suggest = Array.isArray(body.suggest) ? (body.suggest as Suggestion[]) : [];
  return new ApiError(response.status, text('code'), text('detail') || text('title'), retryAfter(response), missing, suggest, body);
}

function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get('Retry-After') ?? 'NaN');
  return Number.isFinite(seconds) ? seconds : null;
}
