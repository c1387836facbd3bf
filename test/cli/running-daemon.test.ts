import { describe, expect, it } from 'vitest';
import { whileLeading } from '../../src/cli/running-daemon.js';

/** Leads and loses the lead when it is told to. */
function election() {
  let [lead, lose] = [(): void => undefined, (): void => undefined];
  const leadership = {
    untilLeader: () => new Promise<void>((resolve) => (lead = resolve)),
    untilLost: () => new Promise<void>((resolve) => (lose = resolve)),
  };
  return { leadership, lead: () => lead(), lose: () => lose() };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('cli/running-daemon', () => {
  it('what needs the lead runs each time that there is one, and ends when it is lost or a signal comes', async () => {
    const { leadership, lead, lose } = election();
    let stop: (signal: NodeJS.Signals) => void = () => undefined;
    const stopAsked = new Promise<NodeJS.Signals>((resolve) => (stop = resolve));
    const ended: unknown[] = [];
    const done = whileLeading({ leadership, stopAsked }, async (end) => {
      ended.push('begins');
      ended.push(await end);
    });
    await settle();
    expect(ended).toEqual([]);
    lead();
    await settle();
    lose();
    await settle();
    lead();
    await settle();
    expect(ended).toEqual(['begins', undefined, 'begins']);
    stop('SIGTERM');
    await done;
    expect(ended).toEqual(['begins', undefined, 'begins', 'SIGTERM']);
  });

  it('a follower that is asked to stop never begins', async () => {
    const begun: unknown[] = [];
    const { leadership } = election();
    await whileLeading({ leadership, stopAsked: Promise.resolve('SIGINT') }, async (end) => {
      begun.push(await end);
    });
    expect(begun).toEqual([]);
  });
});
