import { describe, expect, it } from 'vitest';
import { alternativesOf } from '../../../src/app/checks/route-rule.js';

describe('app/checks/route-rule', () => {
  it.each([
    ['one matcher', 'Host(`a.example.com`)', ['Host(`a.example.com`)']],
    ['spaces and another quote', ' Host( "a.example.com" ) ', ['Host(`a.example.com`)']],
    ['a host in capitals', 'Host(`A.example.com`)', ['Host(`a.example.com`)']],
    ['a path in capitals', 'Path(`/A`)', ['Path(`/A`)']],
    ['an order', 'PathPrefix(`/b`)&&Host(`a`)', ['Host(`a`) && PathPrefix(`/b`)']],
    ['alternatives', 'Host(`a`) || Host(`b`)', ['Host(`a`)', 'Host(`b`)']],
    ['several hosts for one path', 'Host(`a`,`b`) && Path(`/`)', ['Host(`a`) && Path(`/`)', 'Host(`b`) && Path(`/`)']],
    ['a matcher with a name and a value', 'Header(`x`, `y`)', ['Header(`x`,`y`)']],
    ['operators in quotes', 'Path(`/a||b`) && Host(`a`)', ['Host(`a`) && Path(`/a||b`)']],
    ['brackets', '( Host(`a`)  || Host(`b`) ) && Path(`/`)', ['( Host(`a`) || Host(`b`) ) && Path(`/`)']],
    ['a negation', '!Host(`a`) && Path(`/`)', ['!Host(`a`) && Path(`/`)']],
    ['what is no matcher', 'anything', ['anything']],
  ])('%s', (_what, rule, alternatives) => {
    expect(alternativesOf(rule)).toEqual(alternatives);
  });
});
