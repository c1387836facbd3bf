import type { HistoryEntry } from './core/effects.js';
import { openJournal } from './journal.js';

/** How many entries are kept. */
export interface HistoryLimits {
  readonly perApp: number;
  readonly total: number;
}

/** A history entry with its number, by which a person names it. Numbers count up for each application. */
export interface NumberedEntry extends HistoryEntry {
  readonly id: number;
}

/** What happened to the applications; kept across restarts, and bounded for each application and in total. */
export interface History {
  append(entry: HistoryEntry): Promise<void>;
  /** The newest entries first; of one application when it is named. */
  list(limit: number, app?: string): readonly NumberedEntry[];
}

const LIMITS: HistoryLimits = { perApp: 50, total: 10_000 };

/** Opens the history in a file of one JSON entry a line. */
export async function openHistory(file: string, limits: HistoryLimits = LIMITS): Promise<History> {
  const shelf = new Shelf(limits);
  const { entries, append } = await openJournal({
    file,
    parse: entryOf,
    kept: () => shelf.all(),
    limit: limits.total,
  });
  entries.forEach((entry) => shelf.add(entry));
  return {
    append: (entry) => append(shelf.add(entry)),
    list: (limit, app) => shelf.newest(limit, app),
  };
}

/** The entries in order, found by application. Adding one is no work that grows with how many there are. */
class Shelf {
  readonly #limits: HistoryLimits;
  readonly #entries = new Map<number, NumberedEntry>();
  /** The places of each application's entries, oldest first. */
  readonly #ofApp = new Map<string, number[]>();
  readonly #lastIds = new Map<string, number>();
  #next = 0;

  constructor(limits: HistoryLimits) {
    this.#limits = limits;
  }

  add(entry: HistoryEntry & { readonly id?: number }): NumberedEntry {
    const id = entry.id ?? (this.#lastIds.get(entry.app) ?? 0) + 1;
    const numbered = { ...entry, id };
    const places = this.#ofApp.get(entry.app) ?? [];
    this.#lastIds.set(entry.app, id);
    this.#ofApp.set(entry.app, places);
    this.#entries.set(this.#next, numbered);
    places.push(this.#next);
    this.#next += 1;
    if (places.length > this.#limits.perApp) {
      this.#drop(places[0]);
    } else if (this.#entries.size > this.#limits.total) {
      this.#drop(this.#entries.keys().next().value);
    }
    return numbered;
  }

  all(): Iterable<NumberedEntry> {
    return this.#entries.values();
  }

  newest(limit: number, app: string | undefined): NumberedEntry[] {
    const places = app === undefined ? [...this.#entries.keys()] : (this.#ofApp.get(app) ?? []);
    return places
      .slice(-limit)
      .reverse()
      .flatMap((place) => this.#entries.get(place) ?? []);
  }

  #drop(place: number | undefined): void {
    const entry = place === undefined ? undefined : this.#entries.get(place);
    if (place !== undefined && entry !== undefined) {
      this.#entries.delete(place);
      this.#ofApp.get(entry.app)?.shift();
    }
  }
}

function entryOf(value: unknown): (HistoryEntry & { readonly id?: number }) | undefined {
  return value !== null && typeof value === 'object' && 'app' in value && 'at' in value
    ? (value as HistoryEntry)
    : undefined;
}
