import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { probes } from "../../src/probe/index.ts";
import { faultHooks } from "../../src/server/faults/index.ts";
import { Nfs4Server } from "../../src/server/server.ts";
import { systemRandom } from "../../src/sys/random.ts";
import { type Listener, listen } from "../../src/sys/sockets.ts";
import { systemTimers } from "../../src/sys/timers.ts";
import { analyzeFiles } from "../support/analyze-captures.ts";
import { FakeTerminal } from "../support/fake-terminal.ts";

const QUICK = "first-one,first-zero,retry-cached-nonidem";

let folder: string;
const listeners: Listener[] = [];
let healthy: string;
let misbehaving: string;

async function served(faults: readonly string[]): Promise<string> {
  const server = new Nfs4Server({ timers: systemTimers, random: systemRandom, hooks: faultHooks(faults) });
  const listener = await listen({ host: "127.0.0.1", port: 0 }, (channel) => server.accept(channel));
  listeners.push(listener);
  return listener.address;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "slotshark-probe-"));
  healthy = await served([]);
  misbehaving = await served(["reply-seqid-mismatch"]);
});

afterAll(() => {
  for (const listener of listeners) void listener.close();
  rmSync(folder, { recursive: true });
});

async function run(...argv: string[]) {
  const terminal = new FakeTerminal();
  const status = await main(["probe", ...argv], terminal);
  return { status, out: terminal.stdout.text, err: terminal.stderr.text };
}

describe("a run", () => {
  test("tells how each probe went, and counts them", async () => {
    const { status, out, err } = await run(healthy, "--probe", QUICK, "--export", "/");
    expect({ status, err }).toEqual({ status: 0, err: "" });
    for (const id of QUICK.split(",")) expect(out).toMatch(new RegExp(`^${id} +pass`, "m"));
    expect(out).toContain("3 probes in ");
  });

  test("without an export it writes nothing, and says what it skipped", async () => {
    const { status, out } = await run(healthy, "--probe", QUICK);
    expect(status).toBe(0);
    expect(out).toMatch(/^retry-cached-nonidem +skipped +there is no export/m);
  });

  test("ends with 1 when something deviates, unless nobody is to fail", async () => {
    const failed = await run(misbehaving, "--probe", "first-one");
    expect(failed.status).toBe(1);
    expect(failed.out).toContain("DEVIATES first-one");
    expect(failed.out).toContain("RFC 8881 §2.10.6.1");
    expect((await run(misbehaving, "--probe", "first-one", "--fail-on", "never")).status).toBe(0);
  });

  test("speaks both minor versions", async () => {
    const { out } = await run(healthy, "--probe", "first-one", "--minor", "1,2", "--format", "json");
    const { results } = JSON.parse(out);
    expect(results.map(({ minorVersion }: { minorVersion: number }) => minorVersion)).toEqual([1, 2]);
  });

  test("JUnit for machines", async () => {
    const { out } = await run(misbehaving, "--probe", "first-one", "--format", "junit");
    expect(out).toMatch(/^<\?xml/);
    expect(out).toContain("<failure");
  });

  test("its traffic can be analyzed, and shows what the probe found", async () => {
    const file = join(folder, "probes.pcapng");
    await run(misbehaving, "--probe", "first-one", "--write-capture", file);
    const { findings } = await analyzeFiles([file]);
    expect(findings.map(({ rule }) => rule.id)).toContain("reply-seqid-mismatch");
    expect(readFileSync(file).includes("first-one")).toBe(true);
  });

  test("the same seed makes the same names", async () => {
    const owners = async () => {
      const { out } = await run(healthy, "--probe", "first-one", "--seed", "same", "--format", "json");
      return /co_ownerid 0x(\w+)/.exec(out)?.[1];
    };
    expect(await owners()).toBe(await owners());
  });
});

describe("without a run", () => {
  test("all probes are listed, those that must be named too", async () => {
    const { status, out } = await run("--list");
    expect(status).toBe(0);
    for (const { id } of probes) expect(out).toContain(` ${id} `);
    expect(out).toContain("only when named");
  });

  test("a dry run says what would run", async () => {
    const { out } = await run("--dry-run", "--probe", "first-requests");
    expect(out).toContain("first-zero");
    expect(out).not.toContain("retry-cached-ok");
  });

  test.each([
    [[], "name a server"],
    [["127.0.0.1:1"], "cannot connect to 127.0.0.1:1"],
    [["no address:"], "is no address"],
    [["127.0.0.1", "--probe", "first-zerro"], "did you mean first-zero?"],
    [["127.0.0.1", "--user", "me"], "--user takes numbers"],
    [["127.0.0.1", "--format", "xml"], "Write one of: text, json, junit."],
    [["127.0.0.1", "--write-capture", "/nowhere/at/all.pcapng"], "cannot write /nowhere/at/all.pcapng"],
  ])("%j is refused in one line", async (argv, complaint) => {
    const { status, out, err } = await run(...argv);
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(err).toContain(complaint);
    expect(err.trim().split("\n")).toHaveLength(1);
  });
});
