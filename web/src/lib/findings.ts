// Filtering and sorting of what has been loaded.
import type { Finding } from '../api/types';
import { rank } from './severity';

export const SORTS = ['severity', 'last_seen', 'first_seen', 'unit', 'check', 'target'] as const;
export type SortField = (typeof SORTS)[number];
export interface Sort {
  field: SortField;
  descending: boolean;
}

export function parseSort(text: string | null | undefined): Sort {
  const descending = text?.startsWith('-') ?? false;
  const field = (text ?? '').replace(/^-/, '') as SortField;
  return SORTS.includes(field) ? { field, descending } : { field: 'severity', descending: true };
}

export function sortText(sort: Sort): string {
  return `${sort.descending ? '-' : ''}${sort.field}`;
}

export function matchesText(finding: Finding, text: string, unit: string): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const hay = [finding.title.zh, finding.title.en, finding.target, finding.locator, finding.check, finding.unit, unit]
    .filter(Boolean)
    .join('\n')
    .toLowerCase();
  return words.every((word) => hay.includes(word));
}

export function matchesFilters(finding: Finding, filters: Record<string, string>): boolean {
  const record = finding as unknown as Record<string, unknown>;
  return Object.entries(filters).every(([field, value]) => !value || record[field] === value);
}

export function sorted(findings: Finding[], sort: Sort, unitName: (finding: Finding) => string): Finding[] {
  const sign = sort.descending ? -1 : 1;
  return [...findings].sort((a, b) => sign * compare(a, b, sort.field, unitName) || newestFirst(a, b));
}

/** The latest to be found for the first time, each once; of two accounts of one finding the first given counts. */
export function newestOf(findings: Finding[], count: number): Finding[] {
  const once = new Map<string, Finding>();
  for (const finding of findings) if (!once.has(finding.id)) once.set(finding.id, finding);
  return [...once.values()].sort((a, b) => Date.parse(b.first_seen) - Date.parse(a.first_seen)).slice(0, count);
}

function compare(a: Finding, b: Finding, field: SortField, unitName: (finding: Finding) => string): number {
  if (field === 'severity') return rank(b.severity) - rank(a.severity);
  if (field === 'unit') return unitName(a).localeCompare(unitName(b), 'zh-CN');
  if (field === 'first_seen' || field === 'last_seen') return Date.parse(a[field]) - Date.parse(b[field]);
  return a[field].localeCompare(b[field]);
}

function newestFirst(a: Finding, b: Finding): number {
  return Date.parse(b.last_seen) - Date.parse(a.last_seen);
}
