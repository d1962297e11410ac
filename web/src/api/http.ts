// One place that talks HTTP: same origin, JSON, problem+json errors, CSRF token on everything that changes something.
const BASE = '/api/v1';

let csrfToken = '';
let unauthorised: () => void = () => undefined;

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

export function onUnauthorised(listener: () => void): void {
  unauthorised = listener;
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly retryAfter: number | null = null,
    readonly missing: string[] = [],
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
  /** A 401 is an answer here, not the end of the session. */
  expectUnauthorised?: boolean;
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
  const response = await send(method, path, options);
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  const error = await readProblem(response);
  if (error.status === 401 && !options.expectUnauthorised) unauthorised();
  throw error;
}

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET' && csrfToken) headers['X-CSRF-Token'] = csrfToken;
  try {
    return await fetch(buildPath(path, options.query), {
      method,
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: options.signal,
    });
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === 'AbortError') throw failure;
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
  return new ApiError(response.status, text('code'), text('detail') || text('title'), retryAfter(response), missing);
}

function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get('Retry-After') ?? 'NaN');
  return Number.isFinite(seconds) ? seconds : null;
}
