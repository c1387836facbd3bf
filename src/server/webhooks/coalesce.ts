import type { Clock } from '../../base/clock.js';

/** Passes on the first of many calls at once, and of the others that come within `intervalMs` one at its end. */
export function coalesce(clock: Clock, intervalMs: number, act: () => void): () => void {
  let again = false;
  let resting = false;
  const run = (): void => {
    resting = true;
    again = false;
    clock.after(intervalMs, () => {
      resting = false;
      if (again) {
        run();
      }
    });
    act();
  };
  return () => {
    if (resting) {
      again = true;
    } else {
      run();
    }
  };
}
