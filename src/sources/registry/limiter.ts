/** Runs work when a place is free. */
export type Limiter = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets at most `places` pieces of work run at the same time; the others wait in order. */
export function createLimiter(places: number): Limiter {
  const waiting: (() => void)[] = [];
  let free = places;
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) {
      free += 1;
    } else {
      next();
    }
  };
  return async (work) => {
    if (free > 0) {
      free -= 1;
    } else {
      await new Promise<void>((enter) => waiting.push(enter));
    }
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
