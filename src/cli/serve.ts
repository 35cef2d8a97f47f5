import { faultHooks, faultOf, faults } from "../server/faults/index.ts";
import { Nfs4Server } from "../server/server.ts";
import type { ByteChannel } from "../sys/byte-channel.ts";
import { systemRandom } from "../sys/random.ts";
import { onSignal } from "../sys/signals.ts";
import { type Listener, listen, SocketError } from "../sys/sockets.ts";
import type { Terminal } from "../sys/terminal.ts";
import { systemTimers } from "../sys/timers.ts";
import { escapeText } from "../text/escape.ts";
import { endpointFrom, isLoopback } from "./endpoint.ts";
import { EXIT } from "./exit-status.ts";
import { unknownId } from "./match-ids.ts";
import type { ServeFlags } from "./serve-options.ts";
import { showExport } from "./show-export.ts";
import { UsageError } from "./usage-error.ts";

const PORT = 2049;
const FAULTS = { noun: "fault", listing: "slotshark explain --faults" };
/** How long running requests may still take when the server is told to stop. */
const DRAIN_MILLIS = 5000;

/** `slotshark serve`: runs until SIGTERM or Ctrl-C; SIGUSR2 restarts the server within the process. */
export async function serveCommand(flags: ServeFlags, terminal: Terminal): Promise<number> {
  const say = (line: string) => void terminal.stderr.write(`slotshark: ${escapeText(line)}\n`);
  for (const id of flags.fault ?? [])
    if (faultOf(id) === undefined) {
      throw new UsageError(
        unknownId(
          id,
          faults.map((fault) => fault.id),
          FAULTS,
        ),
      );
    }
  const endpoint = endpointFrom(flags.listen, { host: "127.0.0.1", port: PORT });
  const server = new Nfs4Server({
    timers: systemTimers,
    random: systemRandom,
    hooks: faultHooks(flags.fault ?? []),
    log: say,
    options: {
      minorVersions: flags.minor,
      slots: flags.slots,
      leaseSeconds: flags.lease,
      graceSeconds: flags.grace ?? flags.lease,
      bytesMax: flags.maxBytes,
    },
  });
  if (flags.export !== undefined) say(showExport(server.fileSystem, flags.export));
  const accept = (channel: ByteChannel) => server.accept(channel);
  let listener = await firstListener(() => listen(endpoint, accept));
  await terminal.stdout.write(`listening on ${listener.address}\n`);
  say(exposure(endpoint.host, listener.port, flags));
  return new Promise((resolve) => {
    const finish = (status: number) => {
      for (const off of offs) off();
      resolve(status);
    };
    const stop = async () => {
      await Promise.all([listener.close(), server.drain(DRAIN_MILLIS)]);
      say(`stopped after ${server.counters.requests} requests on ${server.counters.connections} connections`);
      finish(EXIT.done);
    };
    const restart = async () => {
      const closed = listener.close();
      server.restart();
      await closed;
      try {
        listener = await listen({ ...endpoint, port: listener.port }, accept);
      } catch (error) {
        if (!(error instanceof SocketError)) throw error;
        say(error.message);
        finish(EXIT.failed);
        return;
      }
      say("restarted: sessions, client IDs and locks are gone, files are kept");
    };
    // One thing at a time: a signal that comes during a restart waits for its end.
    let turn: Promise<void> = Promise.resolve();
    const inTurn = (act: () => Promise<void>) => {
      turn = turn.then(act);
    };
    const offs = [
      onSignal("SIGTERM", () => inTurn(stop)),
      onSignal("SIGUSR2", () => inTurn(restart)),
      terminal.onInterrupt((count) => (count > 1 ? terminal.exit(EXIT.interrupted) : inTurn(stop))),
    ];
  });
}

async function firstListener(open: () => Promise<Listener>): Promise<Listener> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof SocketError) throw new UsageError(error.message);
    throw error;
  }
}

/** What a user should know about who can reach what. */
function exposure(host: string, port: number, { minor, fault = [], export: directory }: ServeFlags): string {
  const versions = minor.map((number) => `4.${number}`).join(" and ");
  const reach = isLoopback(host)
    ? "this machine only"
    : "everybody who can reach this address, without any proof of identity";
  const misbehaves = fault.length === 0 ? "" : `; it misbehaves on purpose: ${fault.join(", ")}`;
  const contents = directory === undefined ? "an empty file system" : `a copy of ${directory}, and room for more,`;
  return `NFSv${versions} for ${reach}: ${contents} in memory, gone when this ends (mount -t nfs -o vers=4.1,port=${port})${misbehaves}`;
}
