import type { DesiredApp } from '../desired-state.js';

/** What is known of how things were before a revision. It decides which of two applications keeps what both want. */
export interface InForce {
  /** The last good definition of each application that is known. */
  readonly definitions: Readonly<Record<string, DesiredApp>>;
  /** The applications that may have objects in the cluster. */
  readonly deployed: readonly string[];
}

/** Nothing is known: names alone decide. */
export const NOTHING_IN_FORCE: InForce = { definitions: {}, deployed: [] };
