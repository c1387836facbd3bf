import { k8s } from 'cdk8s-plus-28';

const FACTORS: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/**
 * The number that a Kubernetes quantity such as `100m`, `1` or `512Mi` stands for.
 * @throws RangeError when it is not a quantity
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(what: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)([mkMGT]|[KMGT]i)?$/.exec(text);
  const factor = FACTORS[match?.[2] ?? ''];
  if (match === null || factor === undefined) {
    throw new RangeError(`${what} is not a quantity such as 100m, 1 or 512Mi: "${text}"`);
  }
  return Number(match[1]) * factor;
}

/**
 * The quantity as the Kubernetes API types want it.
 * @throws RangeError when it is not a quantity
 */
export function quantity(what: string, text: string): k8s.Quantity {
  parseQuantity(what, text);
  return k8s.Quantity.fromString(text);
}
