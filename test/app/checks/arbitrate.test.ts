import { describe, expect, it } from 'vitest';
import { checkState } from '../../../src/app/checks/check-state.js';
import type { InForce } from '../../../src/app/checks/in-force.js';
import type { DesiredApp } from '../../../src/app/desired-state.js';
import { app, object, revision, service } from './revision.js';

const port = (nodePort: number) => service(`port-${nodePort}`, { ports: [{ port: 80, nodePort }] });
/** An application with a Service for each node port. */
const ports = (name: string, ...numbers: number[]): DesiredApp =>
  app(
    name,
    numbers.map((nodePort) => {
      const { metadata, ...rest } = port(nodePort);
      return { ...rest, metadata: { ...metadata, name: `${name}-${nodePort}` } };
    }),
  );
const broken = (one: DesiredApp): DesiredApp => ({
  ...one,
  objects: [...one.objects, object('ConfigMap', `${one.name}_`)],
});
const inForce = (...apps: DesiredApp[]): InForce => ({
  definitions: Object.fromEntries(apps.map((one) => [one.name, one])),
  deployed: apps.map(({ name }) => name),
});
const deployed = (...names: string[]): InForce => ({ definitions: {}, deployed: names });

function refused(
  apps: readonly DesiredApp[],
  before?: InForce,
  failed: Record<string, { message: string }> = {},
): string[] {
  const state = checkState(revision(apps, { failed }), before);
  return Object.keys(state.failed).filter((name) => !Object.hasOwn(failed, name));
}

describe('app/checks/arbitrate', () => {
  it.each<[string, readonly DesiredApp[], InForce | undefined, readonly string[]]>([
    ['nothing is known: names decide', [ports('b', 30001), ports('a', 30001)], undefined, ['b']],
    ['who has it keeps it', [ports('a', 30001), ports('b', 30001)], inForce(ports('b', 30001)), ['a']],
    ['who had another one does not have it', [ports('a', 30001), ports('b', 30001)], inForce(ports('b', 30002)), ['b']],
    ['after a restart, who is deployed keeps it', [ports('a', 30001), ports('b', 30001)], deployed('b'), ['a']],
    [
      'after a restart, two that are deployed: names decide',
      [ports('a', 30001), ports('b', 30001)],
      deployed('a', 'b'),
      ['b'],
    ],
    [
      'what is known of one comes before that another is deployed',
      [ports('a', 30001), ports('b', 30001)],
      { definitions: { b: ports('b', 30001) }, deployed: ['a', 'b'] },
      ['a'],
    ],
    [
      'an exchange in one commit is fine',
      [ports('a', 30002), ports('b', 30001)],
      inForce(ports('a', 30001), ports('b', 30002)),
      [],
    ],
    [
      'who asks for what another one keeps stays as it was',
      [ports('a', 30001, 30002), ports('b', 30002)],
      inForce(ports('a', 30001), ports('b', 30002)),
      ['a'],
    ],
    [
      'two that want what the other one has are both refused',
      [ports('a', 30001, 30002), ports('b', 30001, 30002)],
      inForce(ports('a', 30001), ports('b', 30002)),
      ['a', 'b'],
    ],
    [
      'a refused one takes nothing new',
      [ports('a', 30001), ports('b', 30001, 30002), ports('c', 30002)],
      undefined,
      ['b'],
    ],
    [
      'a refused one keeps what it has',
      [ports('a', 30001), ports('b', 30001, 30002), ports('c', 30002)],
      inForce(ports('b', 30002)),
      ['b', 'c'],
    ],
    ['one with another mistake comes last', [broken(ports('a', 30001)), ports('b', 30001)], undefined, ['a']],
    [
      'one with another mistake keeps what it has',
      [broken(ports('a', 30009)), ports('b', 30001)],
      inForce(ports('a', 30001)),
      ['a', 'b'],
    ],
    ['one that is gone keeps nothing', [ports('b', 30001)], inForce(ports('a', 30001)), []],
  ])('%s', (_rule, apps, before, names) => {
    expect(refused(apps, before).sort()).toEqual(names);
  });

  it('one that threw keeps what it has', () => {
    const before = inForce(ports('z', 30001));
    expect(refused([ports('a', 30001)], before, { z: { message: 'no luck' } })).toEqual(['a']);
  });

  it('the order of applications in the revision does not matter', () => {
    const apps = [ports('a', 30001), ports('b', 30001, 30002), ports('c', 30002, 30003), ports('d', 30003)];
    expect(refused(apps)).toEqual(refused([...apps].reverse()));
  });
});
