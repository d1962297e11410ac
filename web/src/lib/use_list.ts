// A list that is fetched page by page with the server's filters, and again when one of its records changes.
import { onBeforeUnmount, ref, shallowRef } from 'vue';
import type { Query } from '../api/http';
import type { Page } from '../api/types';
import { onReturn } from '../state/connection';
import { onChange } from '../state/live';

const PAGE_SIZE = 200;
/** So many more rows are read and sorted without the page being felt to stop. */
const MORE_SIZE = 400;
const BURST_MS = 1500;

export function useList<T extends { id: string }>(fetchPage: (query: Query) => Promise<Page<T>>, filters: () => Query = () => ({}), collection = '') {
  const items = shallowRef<T[]>([]);
  const cursor = ref<string | null>(null);
  const loading = ref(false);
  const failure = ref<unknown>(null);
  let turn = 0;
  let burst: ReturnType<typeof setTimeout> | undefined;

  async function fetchFrom(from: string | null, size = PAGE_SIZE): Promise<void> {
    const mine = (turn += 1);
    loading.value = true;
    try {
      const page = await fetchPage({ ...filters(), limit: size, cursor: from });
      if (mine !== turn) return; // a later request has overtaken this one
      items.value = from ? [...items.value, ...page.items] : page.items;
      cursor.value = page.next_cursor;
      failure.value = null;
    } catch (error) {
      if (mine === turn) failure.value = error;
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  const reload = () => fetchFrom(null, Math.min(1000, Math.max(PAGE_SIZE, items.value.length)));
  const more = async () => {
    if (cursor.value && !loading.value) await fetchFrom(cursor.value, MORE_SIZE);
  };
  const soon = () => {
    clearTimeout(burst);
    burst = setTimeout(() => void reload(), BURST_MS);
  };
  const stops = [onReturn(() => void reload()), onChange((told) => collection && told.collection === collection && soon())];
  onBeforeUnmount(() => {
    stops.forEach((stop) => stop());
    clearTimeout(burst);
  });
  return { items, cursor, loading, failure, reload, more };
}
