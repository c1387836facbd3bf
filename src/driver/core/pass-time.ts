import { endPauses } from './pause.js';
import type { DriverState } from './state.js';
import { turnWindows } from './windows.js';

/** The state as it is at a time: pauses that are over have ended, and windows say what they say then. */
export function passTime(state: DriverState, at: number): DriverState {
  return turnWindows(endPauses(state, at), at);
}
