import { isMap, parseDocument, type Document } from 'yaml';
import { ConfigError } from '../base/errors.js';

/**
 * Parses a YAML file whose top level is a map. An empty file is an empty map.
 * @throws ConfigError `config/invalid` naming the file and the line
 */
export function parseYamlMap(text: string, file: string): Document {
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem !== undefined) {
    const line = problem.linePos?.[0].line;
    const where = line === undefined ? file : `${file}:${line}`;
    throw new ConfigError('config/invalid', `${where}: ${problem.message.split('\n')[0]?.replace(/:$/, '')}`);
  }
  if (document.contents === null) {
    document.contents = document.createNode({}) as unknown as typeof document.contents;
  }
  if (!isMap(document.contents)) {
    throw new ConfigError('config/invalid', `${file}:1: the file must be a map of keys, such as "config:"`);
  }
  return document;
}
