import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Requirement, toolOrSkip } from "./require-tool.ts";

const PROGRAM = "ganesha.nfsd";
/** Its libraries, one package each. */
const FSAL_FOLDERS = ["/usr/lib/x86_64-linux-gnu/ganesha", "/usr/lib/aarch64-linux-gnu/ganesha", "/usr/lib/ganesha"];
const READY = "NFS SERVER INITIALIZED";
const READY_MILLIS_MAX = 20_000;
const STOP_MILLIS_MAX = 10_000;
/** It ends then even when the test that started it is gone. */
const LIFE_SECONDS = 1800;

/** Whether nfs-ganesha with the file systems MEM and VFS is installed; VFS opens files by handle, which needs root. */
export function ganeshaOrSkip(): Requirement {
  const found = toolOrSkip(PROGRAM);
  if (found.reason !== "") return found;
  const missing = ["mem", "vfs"].find((name) => !FSAL_FOLDERS.some((at) => existsSync(`${at}/libfsal${name}.so`)));
  const skip = process.env.CI !== "true";
  if (missing !== undefined) return { skip, reason: `nfs-ganesha-${missing} is not installed` };
  return process.getuid?.() === 0 ? found : { skip, reason: "nfs-ganesha needs root for its export of files" };
}

/** How it is started. */
export interface GaneshaOptions {
  address?: string;
  /** A free one unless given. */
  port?: number;
  leaseSeconds?: number;
  /** Seconds without new state after the start; 0: none. */
  graceSeconds?: number;
  /** How much of a file FSAL MEM keeps; it keeps nothing unless told so. */
  memoryFileBytes?: number;
  /** Makes of its command line one that runs elsewhere, such as in another network namespace. */
  inside?: (command: readonly string[]) => readonly string[];
}

/** A real nfs-ganesha with the exports /mem (FSAL MEM) and /vfs (FSAL VFS), for minor versions 1 and 2. */
export class Ganesha {
  readonly port: number;
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(folder: string, port: number, process: ChildProcess) {
    this.#folder = folder;
    this.port = port;
    this.#process = process;
    this.#ended = new Promise((resolve) => process.once("exit", () => resolve()));
  }

  /** What it logged. */
  get log(): string {
    const path = join(this.#folder, "log");
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }

  /** Its process, not that of the program which ends it in time. */
  get pid(): number {
    return Number(readFileSync(join(this.#folder, "pid"), "utf8"));
  }

  /** The directory behind /vfs. */
  get files(): string {
    return join(this.#folder, "files");
  }

  /** Resolves when it serves. */
  async ready(): Promise<void> {
    for (let waited = 0; !this.log.includes(READY); waited += 50) {
      const isOver = this.#process.exitCode !== null || this.#process.signalCode !== null;
      if (isOver || waited >= READY_MILLIS_MAX) throw new Error(`nfs-ganesha did not start: ${this.log.slice(-4000)}`);
      await pause(50);
    }
  }

  /** Ends it by its process id and removes what it wrote. */
  async stop(): Promise<void> {
    this.#signal("SIGTERM");
    const isEnded = this.#ended.then(() => true);
    if (!(await Promise.race([isEnded, pause(STOP_MILLIS_MAX, false, { ref: false })]))) this.#signal("SIGKILL");
    // Also when it never got as far as to write its process id.
    this.#process.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #signal(signal: NodeJS.Signals): void {
    const path = join(this.#folder, "pid");
    if (!existsSync(path) || this.#process.exitCode !== null) return;
    try {
      process.kill(Number(readFileSync(path, "utf8")), signal);
    } catch {
      // It is gone already.
    }
  }
}

/** Starts one; several can run side by side. */
export async function startGanesha(options: GaneshaOptions = {}): Promise<Ganesha> {
  const { address = "127.0.0.1", inside = (command) => command } = options;
  const port = options.port ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), "slotshark-ganesha-"));
  for (const name of ["files", "recovery"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "config"), configuration(folder, address, port, options));
  const at = (name: string) => join(folder, name);
  const command = [PROGRAM, "-F", "-f", at("config"), "-L", at("log"), "-p", at("pid"), "-N", "NIV_EVENT"];
  const [program, ...args] = inside(["timeout", "-k", "5", `${LIFE_SECONDS}`, ...command]) as [string, ...string[]];
  const ganesha = new Ganesha(folder, port, spawn(program, args, { stdio: "ignore" }));
  try {
    await ganesha.ready();
    return ganesha;
  } catch (error) {
    await ganesha.stop();
    throw error;
  }
}

function configuration(folder: string, address: string, port: number, options: GaneshaOptions): string {
  const { leaseSeconds = 10, graceSeconds = 0, memoryFileBytes = 0 } = options;
  const grace = graceSeconds === 0 ? "Graceless = true;" : `Grace_Period = ${graceSeconds};`;
  return `
    NFS_CORE_PARAM {
      Bind_addr = ${address}; NFS_Port = ${port}; Protocols = 4; mount_path_pseudo = true;
      Enable_NLM = false; Enable_RQUOTA = false; Enable_UDP = false;
    }
    NFSv4 {
      Minor_Versions = 1, 2; Lease_Lifetime = ${leaseSeconds}; ${grace}
      RecoveryBackend = fs; RecoveryRoot = "${folder}/recovery"; Only_Numeric_Owners = true;
    }
    MEM { Inode_Size = ${memoryFileBytes}; }
    ${exported(1, "/mem", "/mem", "MEM")}
    ${exported(2, "/vfs", `${folder}/files`, "VFS")}
  `;
}

function exported(id: number, pseudo: string, path: string, fsal: string): string {
  return `EXPORT {
      Export_Id = ${id}; Path = ${path}; Pseudo = ${pseudo}; Access_Type = RW; Squash = No_Root_Squash;
      SecType = sys; PrivilegedPort = false; FSAL { Name = ${fsal}; }
    }`;
}

/** Free a moment ago, on the loopback device. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
