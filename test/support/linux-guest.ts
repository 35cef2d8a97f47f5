import { type ChildProcess, execFile, execFileSync, type SpawnOptions, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { type Requirement, toolOrSkip } from "./require-tool.ts";

const execFileAsync = promisify(execFile);
const SCRIPT = join(import.meta.dirname, "linux-guest.sh");
const PROGRAMS = ["debootstrap", "mke2fs", "depmod", "ip", "flock", "findmnt", "tcpdump"];
/** After this it ends whatever happens, unless it is given longer. */
const LIFE_SECONDS = 1800;
const BOOT_MILLIS_MAX = 60_000;
const STOP_MILLIS_MAX = 15_000;
const POLL_MILLIS = 50;
/** Of a program run to its end. */
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;

/** How long the first boot on a machine may take: the root file system has to be built, which is about a minute's work. */
export const BUILD_MILLIS_MAX = 600_000;
/** The host's end of the cable, for servers in the namespace. */
export const HOST_ADDRESS = "10.77.0.1";
export const GUEST_ADDRESS = "10.77.0.2";
/** The device in the namespace, for captures. */
export const GUEST_DEVICE = "tap";

/** How a script in the guest went. */
export interface GuestRun {
  /** Exit status; null when it was not over in time. */
  status: number | null;
  /** Standard output and error, as they came. */
  output: string;
}

/** Whether guests can be booted here. */
export function guestOrSkip(): Requirement {
  const missing = PROGRAMS.map(toolOrSkip).find(({ reason }) => reason !== "");
  if (missing !== undefined) return missing;
  if (process.arch !== "x64") return { skip: true, reason: "user-mode-linux runs on x86 only" };
  if (process.getuid?.() !== 0) return unlessInCi("a Linux guest needs root");
  return existsSync("/dev/net/tun") ? { skip: false, reason: "" } : unlessInCi("a Linux guest needs /dev/net/tun");
}

function unlessInCi(reason: string): Requirement {
  return { skip: process.env.CI !== "true", reason };
}

/** Boots a Linux kernel in user space beside a network namespace of its own. The first one on a machine has to be built. */
export async function startGuest(lifeSeconds = LIFE_SECONDS): Promise<LinuxGuest> {
  // Fails with all that the programs printed.
  await execFileAsync("bash", [SCRIPT, "build"], { timeout: BUILD_MILLIS_MAX, maxBuffer: 16 * 1024 * 1024 });
  const folder = mkdtempSync(join(tmpdir(), "slotshark-guest-"));
  const guest = new LinuxGuest(folder, lifeSeconds);
  try {
    await guest.booted();
    return guest;
  } catch (error) {
    await guest.stop();
    throw error;
  }
}

/** A running guest. It ends with this process, if not before. */
export class LinuxGuest {
  readonly #folder: string;
  readonly #machine: ChildProcess;
  readonly #ended: Promise<void>;
  #jobs = 0;

  constructor(folder: string, lifeSeconds: number) {
    this.#folder = folder;
    this.#machine = spawn("bash", [SCRIPT, "boot", folder, `${lifeSeconds}`], {
      stdio: ["pipe", "ignore", "inherit"],
    });
    this.#ended = new Promise((resolve) => this.#machine.once("exit", () => resolve()));
  }

  /** The network namespace beside it. */
  get namespace(): string {
    return basename(this.#folder);
  }

  /** Resolves when it takes scripts. */
  async booted(): Promise<void> {
    const isUp = await until(() => existsSync(this.#shared("booted")) || this.#isOver, BOOT_MILLIS_MAX);
    if (!isUp || this.#isOver) throw new Error(`the guest did not come up: ${this.console}`);
  }

  /** What the kernel said last. */
  get console(): string {
    const path = join(this.#folder, "console");
    return existsSync(path) ? readFileSync(path, "utf8").slice(-4000) : "";
  }

  /** Runs a bash script in the guest; several may run at once. Its functions: `linux-guest-init.sh`. */
  async run(script: string, { seconds = 60 } = {}): Promise<GuestRun> {
    const job = this.#shared(`jobs/${++this.#jobs}`);
    writeFileSync(`${job}.part`, script);
    renameSync(`${job}.part`, `${job}.sh`);
    await until(() => existsSync(`${job}.status`) || this.#isOver, seconds * 1000);
    const output = existsSync(`${job}.out`) ? readFileSync(`${job}.out`, "utf8") : "";
    const status = existsSync(`${job}.status`) ? Number(readFileSync(`${job}.status`, "utf8")) : null;
    return { status, output };
  }

  /** A command line that runs a program of the host in the namespace. */
  inNamespace(command: readonly string[]): [string, ...string[]] {
    return ["ip", "netns", "exec", this.namespace, ...command];
  }

  /** Starts a program of the host in the namespace. What still runs when the guest stops is killed. */
  spawn(command: readonly string[], options: SpawnOptions = {}): ChildProcess {
    const [program, ...args] = this.inNamespace(command);
    return spawn(program, args, options);
  }

  /** Runs a program of the host in the namespace to its end, and gives its output. Throws when it fails. */
  runOnHost(command: readonly string[], { seconds = 30 } = {}): string {
    const [program, ...args] = this.inNamespace(command);
    return execFileSync(program, args, { encoding: "utf8", timeout: seconds * 1000, maxBuffer: OUTPUT_BYTES_MAX });
  }

  /** Captures what passes between host and guest, from now until `stop`. */
  async capture(file: string): Promise<{ stop(): Promise<void> }> {
    const tcpdump = this.spawn(["tcpdump", "-i", GUEST_DEVICE, "-U", "-w", file, "--buffer-size=65536", "tcp"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const ended = new Promise<void>((resolve) => tcpdump.once("exit", () => resolve()));
    await new Promise<void>((resolve, reject) => {
      tcpdump.stderr?.on("data", (text) => String(text).includes("listening on") && resolve());
      void ended.then(() => reject(new Error("tcpdump did not start")));
    });
    return {
      stop: async () => {
        // What is still in the kernel's ring is delivered within a second.
        await pause(1100);
        tcpdump.kill("SIGINT");
        await ended;
      },
    };
  }

  /** Ends the guest, all that runs in the namespace, and the namespace. */
  async stop(): Promise<void> {
    this.#machine.stdin?.end();
    await Promise.race([this.#ended, pause(STOP_MILLIS_MAX, null, { ref: false })]);
    this.#machine.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #isOver(): boolean {
    return this.#machine.exitCode !== null || this.#machine.signalCode !== null;
  }

  #shared(name: string): string {
    const folder = join(this.#folder, "share");
    mkdirSync(join(folder, "jobs"), { recursive: true });
    return join(folder, name);
  }
}

async function until(isSo: () => boolean, millis: number): Promise<boolean> {
  for (let waited = 0; !isSo(); waited += POLL_MILLIS) {
    if (waited >= millis) return false;
    await pause(POLL_MILLIS);
  }
  return true;
}
