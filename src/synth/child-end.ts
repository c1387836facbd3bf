import { StalledError } from '../base/errors.js';
import { heapMiBOf, type SynthLimits } from './limits.js';
import { relativePaths } from './locate.js';
import type { MessageLines } from './message-lines.js';

/** A child's end, and what is known of it. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lines: Pick<MessageLines, 'building' | 'isDone' | 'messages' | 'problem'>;
  /** The end of what it printed. */
  readonly noise: string;
  readonly run: { readonly directory: string; readonly limits: SynthLimits };
}

/** The error of a child that used too much. */
export function limitError(
  kind: 'time' | 'memory' | 'output',
  limits: SynthLimits,
  app: string | undefined,
): StalledError {
  const which = {
    time: `more than ${limits.timeoutMs / 1000} s`,
    memory: `more than ${limits.memoryMiB} MiB of memory`,
    output: `more than ${limits.outputBytes} bytes of output`,
  };
  return new StalledError('synth/limit', `synthesis took ${which[kind]}${at(app)}; it was ended`);
}

/** Why a child that ended by itself failed; undefined when it did not. */
export function diagnoseChild(end: ChildEnd): StalledError | undefined {
  const { code, signal, lines, noise, run } = end;
  if (isOutOfMemory(end)) {
    return limitError('memory', { ...run.limits, memoryMiB: heapMiBOf(run.limits) }, lines.building);
  }
  if (lines.problem !== undefined) {
    return new StalledError('synth/threw', `the commit's src/synth/child said something unexpected: ${lines.problem}`);
  }
  if (code === 0 && lines.isDone) {
    return undefined;
  }
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  const printed = relativePaths(noise, run.directory).trim().split('\n').slice(-12).join('\n');
  const where = lines.messages.length === 0 ? ' before it began' : at(lines.building);
  return new StalledError(
    'synth/threw',
    `synthesis ended without a result (${how})${where}${printed === '' ? '' : `:\n${printed}`}`,
  );
}

function isOutOfMemory({ code, signal, noise }: ChildEnd): boolean {
  return (signal === 'SIGABRT' || code === 134) && /heap out of memory|heap limit|Allocation failed/.test(noise);
}

function at(app: string | undefined): string {
  return app === undefined ? '' : ` at apps/${app}/app.ts`;
}
