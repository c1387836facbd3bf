import { findCircle } from '../app/dependency-graph.js';
import type { DesiredState, SynthFailure } from '../app/desired-state.js';

/** Applications that wait for what is not there, or for each other; each with the reason. One that waits for a failed one is not at fault. */
export function judgeDependencies({
  apps,
  disabled,
  failed,
}: Pick<DesiredState, 'apps' | 'disabled' | 'failed'>): Record<string, SynthFailure> {
  const dependencies = Object.fromEntries(Object.values(apps).map(({ name, dependsOn = [] }) => [name, dependsOn]));
  const refused: Record<string, SynthFailure> = {};
  for (const [name, names] of Object.entries(dependencies)) {
    const unknown = names.filter((other) => apps[other] === undefined && failed[other] === undefined);
    const circle = findCircle(dependencies, name);
    const reasons = [
      ...unknown.map(
        (other) => `dependsOn "${other}", which is ${disabled.includes(other) ? 'switched off' : 'no application'}`,
      ),
      ...(circle?.includes(name) === true ? [`applications wait for each other: ${circle.join(' -> ')}`] : []),
    ];
    if (reasons.length > 0) {
      refused[name] = { message: reasons.join('; '), location: `apps/${name}/app.ts` };
    }
  }
  return refused;
}
