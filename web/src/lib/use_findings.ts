// A list of findings that is fetched page by page with the server's filters.
import { ref, shallowRef } from 'vue';
import { listFindings } from '../api/resources';
import type { Query } from '../api/http';
import type { Finding } from '../api/types';

export const PAGE_SIZE = 100;

export function useFindings(filters: () => Query) {
  const items = shallowRef<Finding[]>([]);
  const cursor = ref<string | null>(null);
  const loading = ref(false);
  const failure = ref<unknown>(null);
  let turn = 0;

  async function fetchPage(from: string | null): Promise<void> {
    const mine = (turn += 1);
    loading.value = true;
    failure.value = null;
    try {
      const page = await listFindings({ ...filters(), limit: PAGE_SIZE, cursor: from });
      if (mine !== turn) return; // a later request has overtaken this one
      items.value = from ? [...items.value, ...page.items] : page.items;
      cursor.value = page.next_cursor;
    } catch (error) {
      if (mine === turn) failure.value = error;
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  return {
    items,
    cursor,
    loading,
    failure,
    reload: () => fetchPage(null),
    more: () => fetchPage(cursor.value),
  };
}
