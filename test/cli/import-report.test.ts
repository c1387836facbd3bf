import { describe, expect, it } from 'vitest';
import { type AppReport, countRefused, reportText } from '../../src/cli/import-report.js';

const APP: AppReport = {
  name: 'web',
  namespace: 'shop',
  files: [],
  objects: [],
  skipped: [{ source: 'values.yaml', reason: 'no object' }],
  refused: [{ source: 'pod.yaml, document 2 (line 9)', reason: 'kind is missing' }],
  findings: [],
  secrets: [],
};

describe('cli/import-report', () => {
  it('says what was not imported, of applications and beside them', () => {
    const report = { apps: [APP], refused: [{ source: 'application db', reason: 'nothing fits' }] };
    const lines = reportText(report).split('\n');
    expect(lines).toContain('passed over values.yaml: no object');
    expect(lines).toContain('NOT IMPORTED pod.yaml, document 2 (line 9): kind is missing');
    expect(lines.at(-1)).toBe('NOT IMPORTED application db: nothing fits');
    expect(countRefused(report)).toBe(2);
  });

  it('counts nothing where only documents were passed over', () => {
    expect(countRefused({ apps: [{ ...APP, refused: [] }], refused: [] })).toBe(0);
  });
});
