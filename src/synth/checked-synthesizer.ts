import { checkState } from '../app/checks/check-state.js';
import type { DesiredState } from '../app/desired-state.js';
import type { SynthRequest, Synthesizer } from './port.js';

/** Looks for mistakes in what another synthesizer gives. Nothing of that is remembered: it depends on what is in force. */
export class CheckedSynthesizer implements Synthesizer {
  readonly #inner: Synthesizer;

  constructor(inner: Synthesizer) {
    this.#inner = inner;
  }

  async synthesize(request: SynthRequest): Promise<DesiredState> {
    return checkState(await this.#inner.synthesize(request), request.inForce);
  }
}
