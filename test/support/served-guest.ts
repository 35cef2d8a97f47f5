import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Analysis } from "../../src/analysis/analysis.ts";
import { analyzeFiles } from "./analyze-captures.ts";
import { type GuestRun, HOST_ADDRESS, type LinuxGuest, startGuest } from "./linux-guest.ts";

const PROGRAM = join(import.meta.dirname, "../../bin/slotshark.js");
const PORT = 20_490;
const LEASE_SECONDS = 10;
const CLIENTS = [
  { name: "first", number: 11, version: "4.1", mount: "/m1", options: "nconnect=4" },
  { name: "second", number: 12, version: "4.2", mount: "/m2", options: "hard" },
];

/** `slotshark serve` beside a Linux guest in which two clients have mounted it: 4.1 on /m1, 4.2 on /m2. */
export class ServedGuest {
  readonly guest: LinuxGuest;
  readonly #server: ChildProcess;
  readonly #folder = mkdtempSync(join(tmpdir(), "slotshark-served-"));
  /** What the server said on its standard error. */
  log = "";

  private constructor(guest: LinuxGuest, server: ChildProcess) {
    this.guest = guest;
    this.#server = server;
    server.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.log += text;
    });
  }

  /** `lifeSeconds`: after this the guest ends whatever happens. */
  static async start(lifeSeconds?: number): Promise<ServedGuest> {
    const guest = await startGuest(lifeSeconds);
    const command = [process.execPath, PROGRAM, "serve", "--listen", `${HOST_ADDRESS}:${PORT}`];
    const server = guest.spawn([...command, "--lease", `${LEASE_SECONDS}`], { stdio: ["ignore", "pipe", "pipe"] });
    await new Promise<void>((resolve, reject) => {
      server.stdout?.once("data", () => resolve());
      server.once("exit", () => reject(new Error("the server did not start")));
    });
    return new ServedGuest(guest, server);
  }

  /** The server's process. */
  get pid(): number {
    return this.#server.pid as number;
  }

  /** Runs a script; all its output must be what it says. */
  async run(script: string, seconds = 60): Promise<GuestRun> {
    return this.guest.run(`exec 2>&1\n${script}`, { seconds });
  }

  async mount(): Promise<GuestRun> {
    const mounts = CLIENTS.map(({ name, number, version, mount, options }) => {
      const how = `vers=${version},port=${PORT},proto=tcp,${options}`;
      return `client_up ${name} ${number}; mkdir -p ${mount}
        in_client ${name} timeout 30 mount -t nfs -o ${how} ${HOST_ADDRESS}:/ ${mount} || exit 1`;
    });
    return this.run(mounts.join("\n"));
  }

  /** A crash and a new start, as far as clients can tell. */
  restart(): void {
    this.#server.kill("SIGUSR2");
  }

  /** Resets every connection, as a firewall would. */
  cut(): void {
    this.guest.runOnHost(["sh", "-c", `ss -K state established sport = :${PORT} 2> /dev/null; true`]);
  }

  /** Does something while the traffic is captured, and analyzes that. */
  async analyzed(work: () => Promise<void>): Promise<Analysis> {
    const file = join(this.#folder, "traffic.pcap");
    const capture = await this.guest.capture(file);
    try {
      await work();
    } finally {
      await capture.stop();
    }
    return analyzeFiles([file]);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#server.once("exit", resolve));
    this.#server.kill("SIGTERM");
    await ended;
    await this.guest.stop();
    rmSync(this.#folder, { recursive: true });
  }
}
