// Units and checks, fetched once for selection lists and names.
import { computed, ref } from 'vue';
import { call } from '../api/client';
import { listChecks, listUnits, whole } from '../api/resources';
import type { CalendarRecord, Check, HistoryItem, Unit, User } from '../api/types';
import { has, isUnitOnly, session } from './session';

export const units = ref<Unit[]>([]);
export const checks = ref<Check[]>([]);
const unitNames = computed(() => new Map(units.value.map((unit) => [unit.id, unit.name])));

export function unitName(id: string, known?: string): string {
  return known || unitNames.value.get(id) || id;
}

export async function loadUnits(again = false): Promise<void> {
  if (again || units.value.length === 0) units.value = await whole(listUnits);
}

export async function loadChecks(): Promise<void> {
  if (checks.value.length === 0) checks.value = await listChecks();
}

export const users = ref<User[]>([]);
const userNames = computed(() => new Map(users.value.map((user) => [user.id, user.name])));

/** The name where the reader may know it; only administrators and auditors may read the list of users. */
export function userName(id: string, known?: string): string {
  if (known) return known;
  if (id === session.user?.id) return session.user.name;
  return userNames.value.get(id) ?? id;
}

/** Who made the last change that a history tells of. */
export function lastBy(history: HistoryItem[]): string {
  const last = history[history.length - 1];
  return last ? userName(last.by, last.by_name) : '';
}

export async function loadUsers(again = false): Promise<void> {
  if (!has('admin', 'auditor') || (!again && users.value.length)) return;
  users.value = await whole((query) => call('GET /users', { query }));
}

const calendars = ref<CalendarRecord[]>([]);

export async function loadCalendars(): Promise<void> {
  if (isUnitOnly.value) return;
  calendars.value = (await call('GET /calendars', { query: { limit: 1000 } })).items;
}

/** The newest calendar of the unit or of whoever stands above it. Without one: Monday to Friday. */
export function calendarOf(unit: string | null | undefined): Partial<CalendarRecord> {
  const seen = new Set<string>();
  for (let at = unit; at && !seen.has(at); at = units.value.find((one) => one.id === at)?.parent) {
    seen.add(at);
    const own = calendars.value.filter((calendar) => calendar.unit === at);
    if (own.length) return own[own.length - 1] ?? {};
  }
  return {};
}

/** Who is answerable for a unit: the nearest authority above it. */
export function authorityOf(unit: string | null | undefined): string {
  const seen = new Set<string>();
  let at = units.value.find((one) => one.id === unit);
  while (at && !seen.has(at.id)) {
    seen.add(at.id);
    if (at.id !== unit && at.kind === 'authority') return at.name || at.id;
    at = units.value.find((one) => one.id === at?.parent);
  }
  return '';
}
