import grpc from '@grpc/grpc-js';
import services from '@pulumi/pulumi/proto/language_grpc_pb.js';
import { languageService } from './service.js';

/** How often to look whether the engine still lives, in milliseconds. */
const WATCH_MS = 1000;

const server = new grpc.Server();
server.addService(services.LanguageRuntimeService, languageService(process.argv.at(-1) ?? ''));
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) {
    throw error;
  }
  process.stdout.write(`${port}\n`);
});

const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) {
    process.exit(0);
  }
}, WATCH_MS);
