import { type EnvironmentSource, values } from './environment.js';
import { checkInteger } from './validation.js';

/** How a JVM shares its container's memory. */
export interface JavaOptions {
  /**
   * The heap's share of the container's memory limit, in percent; the rest is for threads, classes and buffers. Above 75 the container is likely to
   * be ended for using too much. @default 60
   */
  readonly heapPercent?: number;
  /** More options, such as `-Duser.timezone=Asia/Seoul`. @default - none */
  readonly more?: readonly string[];
}

/**
 * The variable `JAVA_TOOL_OPTIONS`, which every JVM reads.
 * @throws RangeError when the share is not from 1 to 75
 */
export function javaOptions({ heapPercent = 60, more = [] }: JavaOptions = {}): EnvironmentSource {
  const percent = checkInteger('heap percent of a JVM', heapPercent, 1, 75);
  return values({ JAVA_TOOL_OPTIONS: [`-XX:MaxRAMPercentage=${percent}`, ...more].join(' ') });
}
