import type { ChildProcess } from 'node:child_process';
import grpc from '@grpc/grpc-js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import rpc from '@pulumi/pulumi/proto/language_pb.js';
import plugin from '@pulumi/pulumi/proto/plugin_pb.js';
import { messageOf } from '../../base/errors.js';
import { installDependencies } from './install-dependencies.js';
import { listDependencies } from './program-dependencies.js';
import { optionsOf } from './program-options.js';
import type { RunInput } from './run-command-line.js';
import { runProgram } from './run-program.js';

/**
 * The methods of the language runtime protocol that `pulumi preview`, `up`, `install` and `about` use.
 * No required plugins are reported: the engine would download them, and this host is there for when it cannot.
 * @param engineAddress where the engine listens, as it was given on the command line
 */
export function languageService(engineAddress: string): grpc.UntypedServiceImplementation {
  const children = new Set<ChildProcess>();
  return {
    handshake: unary(() => new rpc.LanguageHandshakeResponse()),
    getPluginInfo: unary(() => new plugin.PluginInfo()),
    getRequiredPlugins: unary(() => new rpc.GetRequiredPluginsResponse()),
    getRequiredPackages: unary(() => new rpc.GetRequiredPackagesResponse()),
    runtimeOptionsPrompts: unary(() => new rpc.RuntimeOptionsResponse()),
    about: unary(() => new rpc.AboutResponse().setExecutable(process.execPath).setVersion(process.version)),
    getProgramDependencies: unary((request: InstanceType<typeof rpc.GetProgramDependenciesRequest>) => {
      const found = listDependencies(request.getInfo()?.getProgramDirectory() ?? request.getPwd());
      return new rpc.GetProgramDependenciesResponse().setDependenciesList(
        found.map(({ name, version }) => new rpc.DependencyInfo().setName(name).setVersion(version)),
      );
    }),
    run: unary(async (request: InstanceType<typeof rpc.RunRequest>) => {
      const { error, isReported } = await runProgram(runInputOf(request, engineAddress), (child) =>
        track(child, children),
      );
      return new rpc.RunResponse().setError(error).setBail(isReported);
    }),
    installDependencies: (
      call: grpc.ServerWritableStream<InstanceType<typeof rpc.InstallDependenciesRequest>, unknown>,
    ) => {
      const directory = call.request.getInfo()?.getProgramDirectory() ?? call.request.getDirectory();
      installDependencies(directory, (stream, text) => {
        const response = new rpc.InstallDependenciesResponse();
        call.write(stream === 'stdout' ? response.setStdout(text) : response.setStderr(text));
      }).then(
        () => call.end(),
        (error: unknown) => call.destroy(new Error(messageOf(error))),
      );
    },
    cancel: unary(() => {
      children.forEach((child) => child.kill('SIGINT'));
      return new empty.Empty();
    }),
  };
}

function runInputOf(request: InstanceType<typeof rpc.RunRequest>, engineAddress: string): RunInput {
  return {
    monitorAddress: request.getMonitorAddress(),
    engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    rootDirectory: request.getInfo()?.getRootDirectory() ?? '',
    workingDirectory: request.getPwd(),
    program: request.getInfo()?.getEntryPoint() ?? request.getProgram(),
    isPreview: request.getDryrun(),
    parallel: request.getParallel(),
    args: request.getArgsList(),
    config: Object.fromEntries(request.getConfigMap().toArray()),
    secretKeys: request.getConfigsecretkeysList(),
    options: optionsOf(request.getInfo()?.getOptions()),
  };
}

function track(child: ChildProcess, children: Set<ChildProcess>): void {
  children.add(child);
  child.once('exit', () => children.delete(child));
}

function unary<Request, Response>(
  handle: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const answer = async (): Promise<Response> => handle(call.request);
    answer().then(
      (response) => callback(null, response),
      (error: unknown) => callback({ code: grpc.status.UNKNOWN, message: messageOf(error) }),
    );
  };
}
