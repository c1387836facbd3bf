import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { engineProject } from '../../src/engine/project-file.js';

const ID = { project: 'prodesk', stack: 'prodesk' };

describe('engine/project-file', () => {
  it('the copy keeps what is about settings, not how a laptop runs the program', () => {
    const text = `name: prodesk\ndescription: d\nmain: src/index.ts\nbackend:\n  url: s3://x\nruntime:\n  name: nodejs\n  options:\n    nodeargs: --import tsx\nconfig:\n  prodesk:domain:\n    default: x\n`;
    expect(parse(engineProject(text, ID))).toEqual({
      name: 'prodesk',
      description: 'd',
      config: { 'prodesk:domain': { default: 'x' } },
      runtime: 'nodejs',
    });
  });

  it.each([
    ['another name', 'name: other\n', /Pulumi\.yaml: name is "other", but the daemon runs project "prodesk"/],
    ['no name', 'runtime: nodejs\n', /Pulumi\.yaml: name is undefined/],
    ['an empty file', '', /Pulumi\.yaml: name is undefined/],
    ['broken YAML', 'name: "x\n', /^Pulumi\.yaml:\d: /],
  ])('%s is refused', (_name, text, message) => {
    expect(() => engineProject(text, ID)).toThrow(message);
  });
});
