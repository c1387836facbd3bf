/** An object of the same namespace: its name, or the construct that made it. */
export type NameOrConstruct = string | { readonly name: string };

/** The name of a referenced object. */
export function nameOf(reference: NameOrConstruct): string {
  return typeof reference === 'string' ? reference : reference.name;
}
