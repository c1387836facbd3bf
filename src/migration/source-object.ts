import type { Manifest } from '../app/manifest.js';

/** Where an object was read. */
export interface Origin {
  /** The file's path as a person would write it. */
  readonly file: string;
  /** The document in the file, from 1; 0 for the whole file or folder. */
  readonly document: number;
  /** The line on which the document begins, from 1. */
  readonly line: number;
}

/** A document or an object that is not imported. */
export interface LeftOut {
  readonly origin: Origin;
  readonly reason: string;
}

/** What reading manifests gave. */
export interface ReadObjects {
  readonly objects: readonly SourceObject[];
  /** What is no object of a cluster, or not one to be imported. */
  readonly skipped: readonly LeftOut[];
  /** What should have been imported and could not: a person has to correct it. */
  readonly refused: readonly LeftOut[];
}

/** Several readings as one. */
export function together(parts: readonly ReadObjects[]): ReadObjects {
  return {
    objects: parts.flatMap(({ objects }) => objects),
    skipped: parts.flatMap(({ skipped }) => skipped),
    refused: parts.flatMap(({ refused }) => refused),
  };
}

/** A whole file or folder as an origin. */
export function wholeFile(file: string): Origin {
  return { file, document: 0, line: 1 };
}

/** An object to be imported. */
export interface SourceObject {
  /** Without what the API server adds. */
  readonly manifest: Manifest;
  readonly origin: Origin;
  /** What a person should know of it, such as a field that was left out. */
  readonly notes: readonly string[];
  /** A Secret whose values in the file are encrypted: stand-ins are in their place. */
  readonly encrypted?: EncryptedSecret;
}

/** What SOPS made of a Secret. */
export interface EncryptedSecret {
  /** Its encrypted values: the same in every copy, and in no other Secret. */
  readonly ciphertext: string;
  /** The file that it is alone in. @default - none that could be beside an application */
  readonly file?: EncryptedFile;
}

/** A file as SOPS wrote it. */
export interface EncryptedFile {
  /** Its name beside the application. */
  readonly path: string;
  readonly text: string;
}

/** A place as messages name it: `base/web.yaml, document 2 (line 14)`. */
export function describeOrigin({ file, document, line }: Origin): string {
  return document === 0 ? file : `${file}, document ${document} (line ${line})`;
}
