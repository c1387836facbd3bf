import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../base/duration.js';
import { messageOf } from '../base/errors.js';

/**
 * Reads an argument such as `90s` as whole milliseconds.
 * @throws InvalidArgumentError when it is no duration
 */
export function durationArgument(text: string): number {
  try {
    return Math.round(parseDuration(text));
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}
