import type { Asset } from '../api/types';

export type Authorisation = 'valid' | 'ending' | 'future' | 'expired' | 'unlimited';
const DAY_MS = 86_400_000;
/** Early enough to have an authorisation renewed. */
const ENDING_DAYS = 30;

/** Whether the asset may be contacted today. Dates are whole days; the last day counts. */
export function authorisation(asset: Pick<Asset, 'authorised_from' | 'authorised_until'>, now: number): Authorisation {
  if (!asset.authorised_from && !asset.authorised_until) return 'unlimited';
  const from = asset.authorised_from ? startOf(asset.authorised_from) : Number.NEGATIVE_INFINITY;
  const end = asset.authorised_until ? startOf(asset.authorised_until) + DAY_MS : Number.POSITIVE_INFINITY;
  if (now < from) return 'future';
  if (now >= end) return 'expired';
  return end - now < ENDING_DAYS * DAY_MS ? 'ending' : 'valid';
}

function startOf(date: string): number {
  return new Date(`${date.slice(0, 10)}T00:00:00`).getTime();
}
