// Many requests, a few at a time, each with its own result; can be stopped between two.
export interface BatchResult<T> {
  item: T;
  error: unknown;
}

const AT_ONCE = 4;

export async function inBatches<T>(items: T[], work: (item: T) => Promise<unknown>, progress: (done: number) => void = () => undefined, stopped: () => boolean = () => false): Promise<BatchResult<T>[]> {
  const results: BatchResult<T>[] = [];
  let next = 0;
  async function worker(): Promise<void> {
    while (next < items.length && !stopped()) {
      const item = items[next] as T;
      next += 1;
      const error = await work(item).then(() => null, (failure: unknown) => failure ?? true);
      results.push({ item, error });
      progress(results.length);
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  return results;
}

/** Groups in the order in which their first member came. */
export function groupBy<T>(items: T[], key: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups];
}
