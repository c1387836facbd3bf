import type { Clock } from '../base/clock.js';

/** Collects the names of changed applications for a moment and tells each once. */
export class ChangeNotifier {
  readonly #changed = new Set<string>();
  #cancel: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly coalesceMs: number,
    private readonly tell: (app: string) => void,
  ) {}

  /** An application changed. */
  add(app: string): void {
    this.#changed.add(app);
    this.#cancel ??= this.clock.after(this.coalesceMs, () => this.#flush());
  }

  /** Forgets what was not told yet. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#changed.clear();
  }

  #flush(): void {
    this.#cancel = undefined;
    const apps = [...this.#changed];
    this.#changed.clear();
    apps.forEach(this.tell);
  }
}
