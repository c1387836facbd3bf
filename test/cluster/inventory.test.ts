import { describe, expect, it } from 'vitest';
import { ignoredFields } from '../../src/app/ignore-differences.js';
import type { Manifest } from '../../src/app/manifest.js';
import { Inventory } from '../../src/cluster/inventory.js';

function configMap(name: string, value = 'a', apiVersion = 'v1'): Manifest {
  return { apiVersion, kind: 'ConfigMap', metadata: { name, namespace: 'ns' }, data: { value } };
}
const names = (objects: readonly { ref: { name: string } }[]) => objects.map(({ ref }) => ref.name);

describe('cluster/inventory', () => {
  it('a new desired state tells what was added, changed and removed', () => {
    const inventory = new Inventory();
    inventory.set('app', [configMap('same'), configMap('changed'), configMap('removed')]);
    const change = inventory.set('app', [configMap('same'), configMap('changed', 'b'), configMap('added')]);
    expect([names(change.added), names(change.changed), names(change.removed)]).toEqual([
      ['added'],
      ['changed'],
      ['removed'],
    ]);
    expect(names(inventory.objectsOf('app'))).toEqual(['same', 'changed', 'added']);
  });

  it('the order of keys is no change', () => {
    const inventory = new Inventory();
    inventory.set('app', [{ ...configMap('a'), data: { x: '1', y: '2' } }]);
    expect(inventory.set('app', [{ ...configMap('a'), data: { y: '2', x: '1' } }]).changed).toEqual([]);
  });

  it('an object of which other fields are ignored has changed', () => {
    const inventory = new Inventory();
    const ignored = ignoredFields([configMap('a')], [{ kind: 'ConfigMap', pointers: ['/data/value'] }]);
    inventory.set('app', [configMap('a')]);
    expect(names(inventory.set('app', [configMap('a')], ignored).changed)).toEqual(['a']);
    expect(inventory.set('app', [configMap('a')], ignored).changed).toEqual([]);
  });

  it('an object in another version is another object', () => {
    const inventory = new Inventory();
    inventory.set('app', [configMap('a')]);
    const { added, removed } = inventory.set('app', [configMap('a', 'a', 'v2')]);
    expect([names(added), names(removed)]).toEqual([['a'], ['a']]);
    expect([...inventory.kinds().keys()]).toEqual(['v2/ConfigMap']);
  });

  it('a live object is found in its namespace, for each application that wants it', () => {
    const inventory = new Inventory();
    inventory.set('one', [configMap('a')]);
    inventory.set('two', [configMap('a')]);
    expect(inventory.find('v1/ConfigMap', { namespace: 'ns', name: 'a' }).map(({ app }) => app)).toEqual([
      'one',
      'two',
    ]);
    expect(inventory.find('v1/ConfigMap', { namespace: 'other', name: 'a' })).toEqual([]);
    expect(inventory.find('v1/ConfigMap', { name: 'a' }).length).toBe(2);
  });

  it('a kind that no application uses is gone', () => {
    const inventory = new Inventory();
    inventory.set('one', [configMap('a')]);
    inventory.set('two', [configMap('b')]);
    inventory.delete('one');
    expect([...inventory.kinds().keys()]).toEqual(['v1/ConfigMap']);
    const [object] = inventory.delete('two');
    expect([...inventory.kinds().keys()]).toEqual([]);
    expect(object !== undefined && inventory.has(object)).toBe(false);
  });
});
