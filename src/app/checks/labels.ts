import { itemsAt, textAt, textsAt, valueAt } from './fields.js';

type Labels = Readonly<Record<string, string>>;

/** Things by one of their labels, so that a selector looks at few of them. */
export class LabelIndex<T> {
  readonly #all: readonly T[];
  readonly #labelsOf: (item: T) => Labels;
  readonly #byLabel = new Map<string, T[]>();

  constructor(items: readonly T[], labelsOf: (item: T) => Labels) {
    this.#all = items;
    this.#labelsOf = labelsOf;
    for (const item of items) {
      for (const [key, value] of Object.entries(labelsOf(item))) {
        const label = `${key}=${value}`;
        const known = this.#byLabel.get(label);
        if (known === undefined) {
          this.#byLabel.set(label, [item]);
        } else {
          known.push(item);
        }
      }
    }
  }

  /** The things that a LabelSelector takes, looked for as they are asked for; one that is empty takes all. */
  *select(selector: unknown): Generator<T> {
    const matchLabels = Object.entries(textsAt(selector, 'matchLabels'));
    const expressions = itemsAt(selector, 'matchExpressions').map(([, expression]) => expression);
    const candidates = matchLabels
      .map(([key, value]) => this.#byLabel.get(`${key}=${value}`) ?? [])
      .reduce<readonly T[]>((best, some) => (some.length < best.length ? some : best), this.#all);
    for (const item of candidates) {
      const labels = this.#labelsOf(item);
      const matches = matchLabels.every(([key, value]) => labels[key] === value);
      if (matches && expressions.every((expression) => isMet(expression, labels))) {
        yield item;
      }
    }
  }
}

function isMet(expression: unknown, labels: Labels): boolean {
  const value = labels[textAt(expression, 'key') ?? ''];
  const values = valueAt(expression, 'values');
  const isListed = Array.isArray(values) && values.includes(value);
  switch (valueAt(expression, 'operator')) {
    case 'In':
      return isListed;
    case 'NotIn':
      return !isListed;
    case 'Exists':
      return value !== undefined;
    default:
      return value === undefined;
  }
}
