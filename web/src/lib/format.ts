import type { BothLanguages } from '../api/types';
import type { Language } from '../state/preferences';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function inLanguage(text: BothLanguages | string | null | undefined, language: Language): string {
  if (!text) return '';
  if (typeof text === 'string') return text;
  return language === 'en' ? text.en || text.zh : text.zh || text.en;
}

export function number(value: number | null | undefined, language: Language): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value ?? 0);
}

export function percent(part: number, all: number, language: Language): string {
  const format = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  return format.format(all > 0 ? part / all : 0);
}

export function bytes(value: number | null | undefined, language: Language): string {
  const names = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  let amount = value ?? 0;
  let step = 0;
  while (amount >= 1000 && step < names.length - 1) {
    amount /= 1000;
    step += 1;
  }
  const style = { style: 'unit', unit: names[step], unitDisplay: 'short', maximumFractionDigits: amount < 10 ? 1 : 0 };
  return new Intl.NumberFormat(language, style as Intl.NumberFormatOptions).format(amount);
}

/** 00:00:42, 01:12:00; a length, so the same in every language. */
export function clock(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / HOUR), Math.floor((whole % HOUR) / MINUTE), whole % MINUTE];
  return parts.map(twoDigits).join(':');
}

/** Year first in every language: an office in another country cannot take the month for the day. */
export function dateTime(text: string | null | undefined): string {
  const at = parsed(text);
  if (!at) return text || '–';
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':');
  return `${dateOf(at)} ${time}`;
}

export function dateOnly(text: string | null | undefined): string {
  const at = parsed(text?.length === 10 ? `${text}T00:00:00` : text);
  return at ? dateOf(at) : text || '–';
}

function parsed(text: string | null | undefined): Date | null {
  const at = text ? new Date(text) : null;
  return at && !Number.isNaN(at.getTime()) ? at : null;
}

function dateOf(at: Date): string {
  return [at.getFullYear(), twoDigits(at.getMonth() + 1), twoDigits(at.getDate())].join('-');
}

function twoDigits(part: number): string {
  return String(part).padStart(2, '0');
}

export function ago(text: string | null | undefined, now: number, language: Language): string {
  const at = text ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) return '–';
  // The clock of the pages ticks slowly, so what has just happened may seem to lie ahead.
  const seconds = at > now && at - now < MINUTE * 1000 ? 0 : (at - now) / 1000;
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  const size = Math.abs(seconds);
  if (size < MINUTE) return format.format(Math.round(seconds), 'second');
  if (size < HOUR) return format.format(Math.round(seconds / MINUTE), 'minute');
  if (size < DAY) return format.format(Math.round(seconds / HOUR), 'hour');
  return format.format(Math.round(seconds / DAY), 'day');
}

export function daysBetween(from: string, until: string): number | null {
  const length = Date.parse(until) - Date.parse(from);
  return Number.isNaN(length) ? null : Math.floor(length / 1000 / DAY);
}
