import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Endpoint } from "../../../src/sys/sockets.ts";
import { startGanesha } from "../../support/ganesha.ts";
import { PROGRAM } from "../contenders.ts";

const HOST = "127.0.0.1";
/** Of all files there may be. */
const GANESHA_FILE_BYTES = 1024 * 1024;

/** A server that runs. */
export interface Running {
  readonly endpoint: Endpoint;
  readonly path: readonly string[];
  readonly pid: number;
  stop(): Promise<void>;
}

/** A server to be put under load. */
export interface Target {
  readonly name: string;
  readonly start: () => Promise<Running>;
}

/** `slotshark serve` of a built program; `flags` are Node's. */
export function slotsharkTarget(name = "slotshark", program = PROGRAM, flags: readonly string[] = []): Target {
  return { name, start: () => startSlotshark(program, flags) };
}

export const GANESHA: Target = {
  name: "ganesha MEM",
  async start() {
    const ganesha = await startGanesha({ address: HOST, memoryFileBytes: GANESHA_FILE_BYTES, leaseSeconds: 60 });
    const { port, pid } = ganesha;
    return { endpoint: { host: HOST, port }, path: ["mem"], pid, stop: () => ganesha.stop() };
  },
};

async function startSlotshark(program: string, flags: readonly string[]): Promise<Running> {
  const child = spawn(process.execPath, [...flags, program, "serve", "--listen", `${HOST}:0`], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(child, "exit");
  const told = await Promise.race([once(child.stdout, "data"), ended.then(() => null)]);
  const port = /:(\d+)\n/.exec(String(told?.[0]))?.[1];
  if (port === undefined) throw new Error(`${program} serve did not start`);
  return {
    endpoint: { host: HOST, port: Number(port) },
    path: [],
    pid: child.pid as number,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
