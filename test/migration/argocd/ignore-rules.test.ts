import { describe, expect, it } from 'vitest';
import { ignoreRulesOf } from '../../../src/migration/argocd/ignore-rules.js';

describe('migration/argocd/ignore-rules', () => {
  it('takes pointers, plain paths and managers', () => {
    expect(
      ignoreRulesOf([
        {
          kind: 'Deployment',
          name: 'web',
          jsonPointers: ['/spec/replicas'],
          jqPathExpressions: ['.spec.template.spec.containers[0].image', '.metadata.annotations["a/b"]'],
        },
        { kind: 'Secret', managedFieldsManagers: ['cert-manager'] },
      ]),
    ).toEqual({
      rules: [
        {
          kind: 'Deployment',
          name: 'web',
          pointers: ['/spec/replicas', '/spec/template/spec/containers/0/image', '/metadata/annotations/a~1b'],
        },
        { kind: 'Secret', managers: ['cert-manager'] },
      ],
      notes: [],
    });
  });

  it('says what it leaves out', () => {
    const { rules, notes } = ignoreRulesOf([
      { kind: 'Deployment', jqPathExpressions: ['.spec.containers[] | select(.name == "x")'] },
      { kind: '*', jsonPointers: ['/metadata/labels'] },
    ]);
    expect(rules).toEqual([]);
    expect(notes).toEqual([
      'ignoreDifferences of Deployment: .spec.containers[] | select(.name == "x") is no plain path and was left out',
      'ignoreDifferences of every kind was left out: name the kinds',
    ]);
  });
});
