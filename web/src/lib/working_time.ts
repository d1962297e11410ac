// How much time is left until something is due, in working days where its rule counts so.
import type { CalendarRecord } from '../api/types';

const DAY_MS = 86_400_000;
export interface Left {
  over: boolean;
  /** Working days wholly ahead, after today and up to the due date; null where the clock counts. */
  workdays: number | null;
  milliseconds: number;
}

/** The date in the zone that the office works in. */
export function localDate(at: number, zone: string): string {
  try {
    return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
  } catch {
    return new Date(at).toISOString().slice(0, 10);
  }
}

export function isWorkday(date: string, calendar: Pick<CalendarRecord, 'off' | 'workdays'>): boolean {
  if (calendar.workdays?.includes(date)) return true;
  if (calendar.off?.includes(date)) return false;
  const day = new Date(`${date}T00:00:00Z`).getUTCDay();
  return day !== 0 && day !== 6;
}

/** Working days after `from` up to and including `until`. */
export function workdaysBetween(from: string, until: string, calendar: Pick<CalendarRecord, 'off' | 'workdays'>): number {
  let count = 0;
  const end = Date.parse(`${until}T00:00:00Z`);
  for (let at = Date.parse(`${from}T00:00:00Z`) + DAY_MS; at <= end && count < 2000; at += DAY_MS) {
    if (isWorkday(new Date(at).toISOString().slice(0, 10), calendar)) count += 1;
  }
  return count;
}

export function timeLeft(due: string, kind: 'clock' | 'workday', now: number, calendar: Partial<CalendarRecord> = {}): Left {
  const at = Date.parse(due);
  const milliseconds = at - now;
  if (kind === 'clock' || Number.isNaN(at)) return { over: milliseconds < 0, workdays: null, milliseconds };
  const zone = calendar.zone ?? 'Asia/Shanghai';
  const [first, last] = milliseconds < 0 ? [at, now] : [now, at];
  return { over: milliseconds < 0, workdays: workdaysBetween(localDate(first, zone), localDate(last, zone), calendar), milliseconds };
}

/** Until the end of the office's day. */
export function isDueToday(due: string, now: number, zone = 'Asia/Shanghai'): boolean {
  const at = Date.parse(due);
  return at >= now && localDate(at, zone) === localDate(now, zone);
}
