// The pages that a user may go to, by role; the rail, the palette and the telephone's bar are made of it.
import { has, isUnitOnly } from '../state/session';

export interface Place {
  to: string;
  icon: string;
  label: string;
  group: 'work' | 'know' | 'manage';
  /** Has its place on a telephone's bar. */
  short?: boolean;
}

const AUTHORITY: Place[] = [
  { to: '/overview', icon: 'overview', label: 'page.overview', group: 'work', short: true },
  { to: '/findings', icon: 'findings', label: 'page.findings', group: 'work', short: true },
  { to: '/cases', icon: 'cases', label: 'page.cases', group: 'work', short: true },
  { to: '/notices', icon: 'notices', label: 'page.notices', group: 'work', short: true },
  { to: '/obligations', icon: 'clock', label: 'page.obligations', group: 'work' },
  { to: '/units', icon: 'units', label: 'page.units', group: 'know' },
  { to: '/scorecards', icon: 'chart', label: 'page.scorecards', group: 'know' },
  { to: '/outbox', icon: 'outbox', label: 'page.outbox', group: 'know' },
  { to: '/documents', icon: 'file', label: 'page.documents', group: 'know' },
  { to: '/wall', icon: 'wall', label: 'page.wall', group: 'know' },
  { to: '/settings', icon: 'settings', label: 'page.settings', group: 'manage' },
];
const UNIT: Place[] = [
  { to: '/desk', icon: 'overview', label: 'page.desk', group: 'work', short: true },
  { to: '/notices', icon: 'notices', label: 'page.notices', group: 'work', short: true },
  { to: '/findings', icon: 'findings', label: 'page.findings', group: 'work', short: true },
  { to: '/assets', icon: 'units', label: 'page.my_assets', group: 'know', short: true },
  { to: '/documents', icon: 'file', label: 'page.documents', group: 'know' },
];

export function places(): Place[] {
  if (isUnitOnly.value) return UNIT;
  const more: Place[] = [];
  if (has('officer')) more.push({ to: '/bulk', icon: 'bulk', label: 'page.bulk', group: 'work' });
  if (has('admin', 'auditor')) more.push({ to: '/users', icon: 'user', label: 'page.users', group: 'manage' }, { to: '/audit', icon: 'audit', label: 'page.audit', group: 'manage' });
  if (has('officer', 'admin')) more.push({ to: '/registry', icon: 'upload', label: 'page.registry', group: 'manage' });
  if (has('unit')) more.unshift({ to: '/desk', icon: 'overview', label: 'page.desk', group: 'work' });
  const order = ['work', 'know', 'manage'];
  return [...AUTHORITY, ...more].sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group));
}
