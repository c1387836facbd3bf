// @ts-check
/**
 * Loaded into the process that runs a commit's applications, before them. The permission model of Node.js covers files, programs, threads and
 * native code; this covers the network, which older Node.js does not, and signals to other processes.
 */
import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import os from 'node:os';

/** @param {string} what */
function refusal(what) {
  return () => {
    throw Object.assign(new Error(`an application must not ${what}; the daemon's setting synthAllow can permit it`), {
      code: 'ERR_ACCESS_DENIED',
    });
  };
}

/**
 * With those that it inherits.
 * @param {object} target
 * @returns {string[]}
 */
function methodsOf(target) {
  const parent = Object.getPrototypeOf(target);
  const inherited = parent === null || parent === Object.prototype ? [] : methodsOf(parent);
  return [...Object.getOwnPropertyNames(target), ...inherited];
}

/**
 * @param {object} target
 * @param {string[]} names
 * @param {string} what
 */
function forbid(target, names, what) {
  for (const name of names) {
    Object.defineProperty(target, name, { value: refusal(what), writable: false, configurable: false });
  }
}

if (!new URL(import.meta.url).searchParams.has('network')) {
  const what = 'use the network';
  forbid(net.Socket.prototype, ['connect'], what);
  forbid(net.Server.prototype, ['listen'], what);
  forbid(dgram.Socket.prototype, ['bind', 'connect', 'send'], what);
  for (const resolver of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
    forbid(
      resolver,
      methodsOf(resolver).filter((name) => /^(lookup|resolve|reverse)/.test(name)),
      what,
    );
  }
}

const SIGNALS = 'touch other processes';
forbid(process, ['kill', '_kill', '_debugProcess', '_debugEnd'], SIGNALS);
forbid(os, ['setPriority'], SIGNALS);

syncBuiltinESMExports();
