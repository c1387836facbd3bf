import type { InForce } from '../app/checks/in-force.js';
import type { DesiredState, StackSettings } from '../app/desired-state.js';

/** What to synthesize. */
export interface SynthRequest {
  /** The root of a checkout: it holds `apps/`, `src/constructs` and `package.json`. */
  readonly directory: string;
  /** The commit, or `working-tree`. */
  readonly revision: string;
  readonly settings: StackSettings;
  /** Object ids by path, of each entry at the top and each directly below `apps/`. With them, only what changed since the last time is run. */
  readonly objectIds?: Readonly<Record<string, string>>;
  /** What was there before; it decides which of two applications keeps what both want. @default - nothing is known */
  readonly inForce?: InForce;
  readonly signal?: AbortSignal;
}

/** Runs a revision's `apps/` in a child process and returns what they want. */
export interface Synthesizer {
  /**
   * @throws StalledError `synth/threw` (nothing could be synthesized), `synth/limit` (time, memory or output), `synth/install`, `config/missing` (lists each missing key and the command that sets it)
   * An application that fails alone does not throw: it is in `failed`. So is one that checks refuse; what they found is in `findings`.
   */
  synthesize(request: SynthRequest): Promise<DesiredState>;
}
