import { describe, expect, it } from 'vitest';
import type { DesiredApp, DesiredState } from '../../src/app/desired-state.js';
import { CheckedSynthesizer } from '../../src/synth/checked-synthesizer.js';
import type { SynthRequest } from '../../src/synth/port.js';
import { app, revision, service } from '../app/checks/revision.js';

const REQUEST: SynthRequest = { directory: '/c', revision: 'c0ffee', settings: { settings: {}, secretKeys: [] } };
const withPort = (name: string): DesiredApp => app(name, [service(name, { ports: [{ port: 80, nodePort: 30080 }] })]);
const STATE = revision([withPort('a'), withPort('b')]);
const synthesize = (request: SynthRequest): Promise<DesiredState> =>
  new CheckedSynthesizer({ synthesize: () => Promise.resolve(STATE) }).synthesize(request);

describe('synth/checked-synthesizer', () => {
  it('refuses applications with mistakes, and gives what was found', async () => {
    const { apps, failed, findings } = await synthesize(REQUEST);
    expect([Object.keys(apps), Object.keys(failed), findings?.length]).toEqual([['a'], ['b'], 1]);
  });

  it('minds what is in force', async () => {
    const inForce = { definitions: { b: withPort('b') }, deployed: ['b'] };
    expect(Object.keys((await synthesize({ ...REQUEST, inForce })).apps)).toEqual(['b']);
  });
});
