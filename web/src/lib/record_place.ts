// Where a record is shown.
import type { RouteLocationRaw } from 'vue-router';

const PAGES: Record<string, string> = {
  findings: 'finding', cases: 'case', notices: 'notice', responses: 'response', verifications: 'verification', units: 'unit', documents: 'documents',
};

export function placeOf(collection: string | null | undefined, id: string): RouteLocationRaw {
  const name = PAGES[collection ?? ''];
  if (!name) return { name: 'notices' };
  return name === 'documents' ? { name, query: { subject: id } } : { name, params: { id } };
}

const BY_LETTER: Record<string, string> = { f: 'findings', c: 'cases', n: 'notices', p: 'responses', v: 'verifications', d: 'documents' };
/** The server makes ids that begin with the letter of their kind. */
export const collectionOf = (id: string | null | undefined): string | null => (id ? (BY_LETTER[id[0] ?? ''] ?? null) : null);
