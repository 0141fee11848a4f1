/** Records the fields of a payload that a reader reads. */

export interface Recorder {
  /** Paths such as `items[].product`, each once. */
  readonly paths: Set<string>;
  /** The same value; it records each field that is read. */
  watch<T>(value: T, path?: string): T;
}

export function recorder(): Recorder {
  const paths = new Set<string>();
  const watch = <T>(value: T, path = ''): T => {
    if (typeof value !== 'object' || value === null) return value;
    return new Proxy(value, {
      get(target, name, receiver) {
        const inner: unknown = Reflect.get(target, name, receiver);
        if (typeof name === 'symbol' || typeof inner === 'function') return inner;
        if (Array.isArray(target)) return /^\d+$/.test(name) ? watch(inner, `${path}[]`) : inner;
        // The names of fulfillments are the seller's.
        const own = /(^|\.)fulfillments$/.test(path) ? '*' : name;
        const read = path === '' ? own : `${path}.${own}`;
        paths.add(read);
        return watch(inner, read);
      },
    });
  };
  return { paths, watch };
}
