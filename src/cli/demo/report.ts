import { performance } from 'node:perf_hooks';
import { formatDuration } from '../../base/duration.js';
import { messageOf } from '../../base/errors.js';
import { formatTable, note, paint } from '../output.js';

/** How one step of the demo went. */
export interface StepResult {
  readonly name: string;
  readonly ok: boolean;
  /** From the cause, such as a push, to the effect, such as Healthy. */
  readonly ms: number;
  readonly detail: string;
}

/** Runs steps one after the other and shows each live. After a failure the others are still tried. */
export class DemoReport {
  readonly steps: StepResult[] = [];

  /** @param act does something, waits for its effect, and says what was seen */
  async step(name: string, act: () => Promise<string>): Promise<void> {
    note(`${paint(process.stderr, 'cyan', '▶')} ${name}`);
    const startedAt = performance.now();
    const result = await act().then(
      (detail) => ({ ok: true, detail }),
      (error: unknown) => ({ ok: false, detail: messageOf(error) }),
    );
    const ms = Math.round(performance.now() - startedAt);
    this.steps.push({ name, ms, ...result });
    const mark = result.ok ? paint(process.stderr, 'green', '✓') : paint(process.stderr, 'red', '✗');
    note(`${mark} ${formatDuration(ms).padStart(7)}  ${result.detail}`);
  }

  get ok(): boolean {
    return this.steps.length > 0 && this.steps.every((step) => step.ok);
  }

  table(): string {
    return formatTable(this.steps, [
      { title: '', value: ({ ok }) => (ok ? '✓' : '✗'), style: ({ ok }) => (ok ? 'green' : 'red') },
      { title: 'STEP', value: ({ name }) => name },
      { title: 'TIME', value: ({ ms }) => formatDuration(ms) },
      { title: 'SEEN', value: ({ detail }) => detail.split('\n')[0] ?? '' },
    ]);
  }
}
