import { beforeAll, describe, expect, it } from 'vitest';
import { playDemo, STEPS, type PlayedDemo } from './play-demo.js';

let demo: PlayedDemo;

beforeAll(async () => {
  demo = await playDemo();
});

describe('e2e/demo', () => {
  it.each(STEPS)('%s', (name) => {
    const step = demo.report.steps.find((one) => one.name === name);
    expect(step?.detail).toBeTypeOf('string');
    expect({ ok: step?.ok, detail: step?.detail }).toEqual({ ok: true, detail: step?.detail });
  });

  it('plays exactly these steps, in this order', () => {
    expect(demo.report.steps.map(({ name }) => name)).toEqual(STEPS);
  });

  it('ends with exit code 0 and says so in its report', () => {
    expect({ exitCode: demo.exitCode, ok: demo.report.ok }).toEqual({ exitCode: 0, ok: true });
    expect(demo.report.provider).toMatch(/^(official|embedded)$/);
  });

  it('leaves no process behind', () => {
    expect(demo.left).toEqual([]);
  });
});
