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
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

export function dateTime(text: string | null | undefined, language: Language): string {
  const at = text ? new Date(text) : null;
  if (!at || Number.isNaN(at.getTime())) return text ?? '–';
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false,
  }).format(at);
}

export function dateOnly(text: string | null | undefined, language: Language): string {
  const at = text ? new Date(text.length === 10 ? `${text}T00:00:00` : text) : null;
  if (!at || Number.isNaN(at.getTime())) return text || '–';
  const format = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, format).format(at);
}

export function ago(text: string | null | undefined, now: number, language: Language): string {
  const at = text ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) return '–';
  const seconds = (at - now) / 1000;
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
