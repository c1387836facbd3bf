import { APP_LABEL } from '../tracking.js';
import type { Check } from './check.js';
import { textsAt } from './fields.js';
import { LabelIndex } from './labels.js';
import type { PlacedPod } from './program.js';

/** A Service whose selector fits the pods of no workload in its namespace: it would have no endpoints. */
export const serviceSelectsNothing: Check = {
  rule: 'service-selects-nothing',
  severity: 'warning',
  find(program) {
    const pods = new LabelIndex(program.allPods, labelsOf);
    return program.ofKind('core/Service').flatMap(({ app, object }) => {
      const { namespace } = object.metadata;
      const matchLabels = textsAt(object, 'spec', 'selector');
      if (Object.keys(matchLabels).length === 0) {
        return [];
      }
      for (const pod of pods.select({ matchLabels })) {
        if (pod.object.metadata.namespace === namespace) {
          return [];
        }
      }
      const labels = Object.entries(matchLabels).map(([key, value]) => `${key}: ${value}`);
      const message = `no workload in namespace ${namespace ?? ''} has pods with the labels ${labels.join(', ')}; correct the selector or the pods' labels`;
      return [{ app, object, field: 'spec.selector', message }];
    });
  },
};

/** A bare Pod gets the label of its application at deployment; a template does not. */
function labelsOf({ app, object, pod }: PlacedPod): Readonly<Record<string, string>> {
  return object.kind === 'Pod' ? { ...pod.labels, [APP_LABEL]: app } : pod.labels;
}
