import { defined } from './defined.js';
import { type NameOrConstruct, nameOf } from './named.js';

/** A Middleware of the route's namespace, or of another one. */
export type MiddlewareReference = NameOrConstruct | { readonly name: string; readonly namespace: string };

/** A reference as a route writes it. */
export function referenceTo(reference: MiddlewareReference): { readonly name: string; readonly namespace?: string } {
  const namespace = typeof reference === 'object' && 'namespace' in reference ? reference.namespace : undefined;
  return defined({ name: nameOf(reference), namespace });
}
