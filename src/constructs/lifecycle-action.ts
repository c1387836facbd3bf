import { k8s } from 'cdk8s-plus-28';
import { defined } from './defined.js';
import { checkPort } from './validation.js';

/** What a container does when it starts or before it stops: a command, or a call of its own HTTP port. */
export type LifecycleAction = readonly string[] | { readonly httpPath: string; readonly port: number | string };

/** The `lifecycle` of a container. */
export function renderLifecycle(postStart?: LifecycleAction, preStop?: LifecycleAction): k8s.Lifecycle | undefined {
  if (postStart === undefined && preStop === undefined) {
    return undefined;
  }
  return defined({ postStart: postStart && renderAction(postStart), preStop: preStop && renderAction(preStop) });
}

function renderAction(action: LifecycleAction): k8s.LifecycleHandler {
  if ('httpPath' in action) {
    return { httpGet: { path: action.httpPath, port: portOf(action.port) } };
  }
  return { exec: { command: [...action] } };
}

function portOf(port: number | string): k8s.IntOrString {
  return typeof port === 'number'
    ? k8s.IntOrString.fromNumber(checkPort('port of lifecycle action', port))
    : k8s.IntOrString.fromString(port);
}
