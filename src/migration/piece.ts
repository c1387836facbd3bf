import type { CodeValue } from './code.js';
import type { SourceObject } from './source-object.js';

/** A file beside the generated `app.ts`. */
export interface DataFile {
  /** Relative to the application's folder. */
  readonly path: string;
  readonly text: string;
}

/** One construct of the generated application: what it is made with, and which objects it makes. */
export interface Piece {
  /** The name of its class in `src/constructs`. */
  readonly construct: string;
  /** The name of its main object; makes its id unique. */
  readonly name: string;
  readonly props: CodeValue;
  /** Other names from `src/constructs` that the properties use. */
  readonly uses: readonly string[];
  readonly objects: readonly SourceObject[];
  readonly files: readonly DataFile[];
}

/** Pieces with ids that are unique in one scope, as short as they can be. */
export function withIds(pieces: readonly Piece[]): { readonly id: string; readonly piece: Piece }[] {
  const labels = pieces.map(labelOf);
  const counts = new Map<string, number>();
  labels.forEach((label) => counts.set(label, (counts.get(label) ?? 0) + 1));
  const taken = new Set<string>();
  return pieces.map((piece, index) => {
    const label = labels[index] ?? '';
    const wanted = counts.get(label) === 1 ? label : `${label}-${piece.name.replaceAll(/[^A-Za-z0-9.-]/g, '-')}`;
    let id = wanted;
    for (let next = 2; taken.has(id); next += 1) {
      id = `${wanted}-${next}`;
    }
    taken.add(id);
    return { id, piece };
  });
}

/** The kind of a plain object says more than the name of its class. */
function labelOf({ construct, objects }: Piece): string {
  const isPlain = construct === 'ApiObject' || construct === 'YamlFile';
  return kebabCase((isPlain ? objects[0]?.manifest.kind : undefined) ?? construct);
}

/** `ServiceAccount` becomes `service-account`, `IPAddressPool` becomes `ip-address-pool`. */
export function kebabCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}
