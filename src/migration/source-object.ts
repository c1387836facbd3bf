import type { Manifest } from '../app/manifest.js';

/** Where an object was read. */
export interface Origin {
  /** The file's path as a person would write it. */
  readonly file: string;
  /** The document in the file, from 1. */
  readonly document: number;
  /** The line on which the document begins, from 1. */
  readonly line: number;
}

/** An object to be imported. */
export interface SourceObject {
  /** Without what the API server adds. */
  readonly manifest: Manifest;
  readonly origin: Origin;
  /** What a person should know of it, such as a field that was left out. */
  readonly notes: readonly string[];
  /** A Secret whose values in the file are encrypted: stand-ins are in their place. */
  readonly encrypted?: boolean;
}

/** A place as messages name it: `base/web.yaml, document 2 (line 14)`. */
export function describeOrigin({ file, document, line }: Origin): string {
  return `${file}, document ${document} (line ${line})`;
}
