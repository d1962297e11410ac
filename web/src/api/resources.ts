import { request, type Query } from './http';
import type { Asset, Check, Finding, HistoryItem, Overview, Page, Patrol, Run, SystemRecord, Unit } from './types';

const WHOLE_LIST_PAGE = 1000;
/** Ends a walk through a list whose cursor never does. */
const WHOLE_LIST_LIMIT = 20000;

const one = <T>(collection: string, id: string) => request<T>('GET', `/${collection}/${encodeURIComponent(id)}`);
const page = <T>(collection: string, query: Query = {}) => request<Page<T>>('GET', `/${collection}`, { query });

export async function whole<T>(fetchPage: (query: Query) => Promise<Page<T>>, query: Query = {}): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const part: Page<T> = await fetchPage({ ...query, limit: WHOLE_LIST_PAGE, cursor });
    items.push(...part.items);
    cursor = part.next_cursor;
  } while (cursor && items.length < WHOLE_LIST_LIMIT);
  return items;
}

let overviewUnderWay: Promise<Overview> | null = null;
/** Whoever asks while an answer is under way gets that one. */
export function getOverview(): Promise<Overview> {
  overviewUnderWay ??= request<Overview>('GET', '/overview').finally(() => (overviewUnderWay = null));
  return overviewUnderWay;
}
export const listFindings = (query: Query) => page<Finding>('findings', query);
export const getFinding = (id: string) => one<Finding>('findings', id);
export const getFindingHistory = async (id: string) =>
  (await request<{ items: HistoryItem[] }>('GET', `/findings/${encodeURIComponent(id)}/history`)).items;
export const listUnits = (query: Query) => page<Unit>('units', query);
export const getUnit = (id: string) => one<Unit>('units', id);
export const listSystems = (query: Query) => page<SystemRecord>('systems', query);
export const listAssets = (query: Query) => page<Asset>('assets', query);
export const getRun = (id: string) => one<Run>('runs', id);
export const listChecks = async () => (await request<Page<Check>>('GET', '/checks')).items;
export const startPatrol = () => request<Patrol>('POST', '/patrol/actions/start', { body: {} });
export const stopPatrol = () => request<Patrol>('POST', '/patrol/actions/stop', { body: {} });
export const eventStreamPath = '/api/v1/events/stream';
