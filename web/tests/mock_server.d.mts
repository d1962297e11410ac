import type { IncomingHttpHeaders } from 'node:http';

export interface Mock {
  url: string;
  state: { failures: number; sessions: Set<string>; requests: { method: string; path: string; headers: IncomingHttpHeaders }[] };
  stop(): Promise<void>;
}
export const MOCK_USER: string;
export const MOCK_PASSWORD: string;
export const CSP: string;
export function startMock(options?: { port?: number; tickMs?: number; targetsPerTick?: number }): Promise<Mock>;
