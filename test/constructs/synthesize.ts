import { Testing } from 'cdk8s';
import type { Chart } from 'cdk8s';
import type { Manifest } from '../../src/app/manifest.js';

/** The objects that constructs in a chart give. */
export function synthesize(build: (scope: Chart) => void): Manifest[] {
  const chart = Testing.chart();
  build(chart);
  return Testing.synth(chart) as Manifest[];
}

/** Wraps a constructor call, for `expect(...).toThrow`. */
export function building(build: (scope: Chart) => void): () => void {
  return () => build(Testing.chart());
}
