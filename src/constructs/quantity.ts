import { k8s } from 'cdk8s-plus-28';
import { findQuantity } from '../app/quantity.js';

/**
 * The number that a Kubernetes quantity such as `100m`, `1` or `512Mi` stands for.
 * @throws RangeError when it is not a quantity, or below zero
 */
export function parseQuantity(what: string, text: string): number {
  const amount = findQuantity(text);
  if (amount === undefined || amount < 0) {
    throw new RangeError(`${what} is not a quantity such as 100m, 1 or 512Mi: "${text}"`);
  }
  return amount;
}

/**
 * The quantity as the Kubernetes API types want it.
 * @throws RangeError when it is not a quantity
 */
export function quantity(what: string, text: string): k8s.Quantity {
  parseQuantity(what, text);
  return k8s.Quantity.fromString(text);
}
