import { z } from 'zod';
import { pointerTo } from '../app/json-pointer.js';
import { appOfUrn } from '../app/resource-name.js';
import type { ResourceChange, ResourceFailure } from './port.js';

const step = z.object({
  metadata: z.object({
    op: z.string(),
    urn: z.string(),
    diffs: z.array(z.string()).nullish(),
    detailedDiff: z.record(z.string(), z.unknown()).nullish(),
  }),
});

/** The parts of Pulumi's engine events that are used. Debug and info messages are never looked at: they may hold secret values. */
const engineEvent = z.object({
  resourcePreEvent: step.optional(),
  resOutputsEvent: step.optional(),
  resOpFailedEvent: step.optional(),
  diagnosticEvent: z.object({ urn: z.string().optional(), severity: z.string(), message: z.string() }).optional(),
});

const OPERATIONS: Readonly<Record<string, ResourceChange['operation']>> = {
  same: 'same',
  create: 'create',
  update: 'update',
  delete: 'delete',
  'create-replacement': 'replace',
  import: 'other',
};
const STACK_MESSAGES = /^(update failed|preview failed|One or more errors occurred|resource monitor shut down)/;
/** What the program and the engine add when a resource failed that others wait for: those are not registered then. */
const CONSEQUENCES = /resource \S+ \[[^\]]+\] failed to register|^Target '[^']*' could not be found in the stack/;
const ROOT_TYPE = '::pulumi:pulumi:Stack::';

/** Gathers what happened in one run from the engine's events. */
export class EventCollector {
  readonly #changes = new Map<string, ResourceChange>();
  readonly #failed = new Set<string>();
  readonly #messages = new Map<string, string[]>();

  /** Takes one event. Events of an unknown form are skipped: newer engines add kinds. */
  add(event: unknown): void {
    const parsed = engineEvent.safeParse(event);
    if (!parsed.success) {
      return;
    }
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent } = parsed.data;
    const ended = resOutputsEvent ?? resourcePreEvent;
    if (ended !== undefined) {
      this.#addStep(ended.metadata);
    }
    if (resOpFailedEvent !== undefined) {
      this.#failed.add(resOpFailedEvent.metadata.urn);
    }
    if (diagnosticEvent?.severity === 'error') {
      this.#addMessage(diagnosticEvent.urn ?? '', diagnosticEvent.message);
    }
  }

  /** What was done, without resources that failed. `same` is reported only of those in `interesting`. */
  changes(interesting: ReadonlySet<string>): ResourceChange[] {
    return [...this.#changes.values()].filter(
      ({ urn, operation }) =>
        !this.#failed.has(urn) && !this.#messages.has(urn) && (operation !== 'same' || interesting.has(urn)),
    );
  }

  /** One failure per resource that has any, and one for what concerns no resource. */
  failures(): ResourceFailure[] {
    const urns = [...new Set([...this.#messages.keys(), ...this.#failed])];
    const ofResources = urns.filter((urn) => !isRoot(urn)).map((urn) => this.#failureOf(urn));
    const general = urns
      .filter(isRoot)
      .flatMap((urn) => this.#messages.get(urn) ?? [])
      .filter((text) => !STACK_MESSAGES.test(text) && !(ofResources.length > 0 && CONSEQUENCES.test(text)));
    return general.length === 0 ? ofResources : [...ofResources, { message: general.join('\n') }];
  }

  #failureOf(urn: string): ResourceFailure {
    const app = appOfUrn(urn);
    const message = this.#messages.get(urn)?.join('\n') ?? 'the operation failed; the engine gave no reason';
    return { urn, message, ...(app === undefined ? {} : { app }) };
  }

  #addStep({ op, urn, diffs, detailedDiff }: z.infer<typeof step>['metadata']): void {
    const operation = OPERATIONS[op];
    if (operation === undefined || isRoot(urn)) {
      return;
    }
    this.#changes.set(urn, { urn, operation, diff: fieldsOf(detailedDiff, diffs) });
  }

  #addMessage(urn: string, text: string): void {
    const messages = this.#messages.get(urn) ?? [];
    const clean = cleanMessage(text);
    if (clean !== '' && !messages.includes(clean)) {
      this.#messages.set(urn, [...messages, clean]);
    }
  }
}

/** The message without colour codes and without the engine's own framing. */
export function cleanMessage(text: string): string {
  return text
    .replaceAll(/<\{%[^%]*%\}>/g, '')
    .replace(/^error: /, '')
    .trim();
}

/** Whether a URN means the stack itself; an empty one belongs to a message without a resource. */
function isRoot(urn: string): boolean {
  return urn === '' || urn.includes(ROOT_TYPE);
}

/** What differs, as exactly as it is told. */
function fieldsOf(detailed: object | null | undefined, topLevel: readonly string[] | null | undefined): string[] {
  const paths = Object.keys(detailed ?? {});
  return (paths.length > 0 ? paths : (topLevel ?? [])).map((path) => pointerTo(stepsOf(path)));
}

/** The steps of a path of Pulumi's, such as `spec.containers[0].image` or `metadata.labels["app.kubernetes.io/name"]`. */
function stepsOf(path: string): string[] {
  const steps = path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[([^\]]*)\]|([^.[\]]+)/g);
  return [...steps].map(([, quoted, index, key]) => quoted?.replaceAll('\\"', '"') ?? index ?? key ?? '');
}
