import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { VERSION } from "../../src/report/tool.ts";
import { FakeTerminal } from "../support/fake-terminal.ts";
import { strictSchema } from "../support/schema.ts";
import { linesOf } from "../support/stream-lines.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures/captures");
const MISUSE = join(FIXTURES, "pynfs-SEQ13.pcap");
const OWN = join(FIXTURES, "../own-rules.mjs");
const HEALTHY = join(FIXTURES, "kn_mount_v41.pcap");

let folder: string;
const inFolder = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slotshark-main-"));
  const healthy = readFileSync(HEALTHY);
  writeFileSync(inFolder("empty.pcap"), "");
  writeFileSync(inFolder("no-packets.pcap"), healthy.subarray(0, 24));
  writeFileSync(inFolder("cut.pcap"), healthy.subarray(0, healthy.length - 7));
  writeFileSync(inFolder("text.txt"), "hello\n");
});

afterAll(() => rmSync(folder, { recursive: true }));

async function run(...argv: string[]) {
  const terminal = new FakeTerminal();
  const status = await main(argv, terminal);
  return { status, out: terminal.stdout.text, err: terminal.stderr.text };
}

describe("exit status", () => {
  test.each([
    [0, "misuse found, nobody asked to fail", () => ["analyze", MISUSE]],
    [1, "misuse found and --fail-on", () => ["analyze", "--fail-on", "error", MISUSE]],
    [0, "--fail-on without findings", () => ["analyze", "--fail-on", "error", HEALTHY]],
    [0, "a capture without packets", () => ["analyze", inFolder("no-packets.pcap")]],
    [0, "a cut capture", () => ["analyze", inFolder("cut.pcap")]],
    [2, "an empty file", () => ["analyze", inFolder("empty.pcap")]],
    [2, "no capture", () => ["analyze", inFolder("text.txt")]],
    [2, "a directory", () => ["analyze", folder]],
    [2, "no such file", () => ["analyze", inFolder("none.pcap")]],
    [
      2,
      "one of several unreadable, though another is at fault",
      () => ["analyze", "--fail-on", "error", inFolder("none.pcap"), MISUSE],
    ],
    [2, "nothing to do", () => []],
    [2, "no capture named", () => ["analyze"]],
    [2, "an unknown command", () => ["analyse"]],
    [2, "an unknown option", () => ["analyze", "--jsno", MISUSE]],
    [2, "an unknown format", () => ["analyze", "--format", "xml", MISUSE]],
    [2, "an unknown severity", () => ["analyze", "--fail-on", "fatal", MISUSE]],
    [2, "an unknown rule", () => ["analyze", "--rule", "seq-gab", MISUSE]],
    [2, "standard input twice", () => ["analyze", "-", "-"]],
    [2, "records in a format that has none", () => ["analyze", "--records", "-T", "json", MISUSE]],
    [1, "misuse found while it is streamed", () => ["analyze", "-T", "ndjson", "--fail-on", "error", MISUSE]],
    [2, "no rule left", () => ["analyze", "--rule", "seq-gap", "--not-rule", "slots", MISUSE]],
    [2, "no such config file", () => ["analyze", "--config", inFolder("none.json"), MISUSE]],
    [2, "no such rules of one's own", () => ["analyze", "--rules", inFolder("none.mjs"), MISUSE]],
    [0, "the catalogue", () => ["rules"]],
    [2, "an unknown family", () => ["rules", "--family", "slot"]],
    [2, "an unknown party", () => ["rules", "--fault", "me"]],
    [0, "help", () => ["--help"]],
    [0, "help of a command", () => ["analyze", "--help"]],
    [0, "version", () => ["--version"]],
    [0, "explain", () => ["explain"]],
    [2, "explain an unknown rule", () => ["explain", "seq-gab"]],
  ] as const)("%i: %s", async (status, _name, argv) => {
    const result = await run(...argv());
    expect(result.err).not.toContain("internal error");
    expect(result.status).toBe(status);
  });
});

test.each([
  ["an empty file", () => inFolder("empty.pcap"), /empty\.pcap: is empty/],
  ["no capture", () => inFolder("text.txt"), /text\.txt: not a capture: found 68 65 6c 6c 6f 0a at offset 0/],
  ["a directory", () => folder, /is a directory; name the capture files in it/],
  ["no such file", () => inFolder("none.pcap"), /none\.pcap: no such file/],
])("%s: one line on standard error, nothing on standard output", async (_name, path, message) => {
  const { out, err } = await run("analyze", path());
  expect(out).toBe("");
  expect(err).toMatch(message);
  expect(err.match(/\n/g)).toHaveLength(1);
});

test("what can be read is reported when something cannot", async () => {
  const { out, err } = await run("analyze", inFolder("none.pcap"), HEALTHY);
  expect(err).toContain("none.pcap: no such file");
  expect(out).toContain("No misuse found");
});

test("a damaged capture is analyzed up to the damage, which is named", async () => {
  const { out } = await run("analyze", inFolder("cut.pcap"));
  expect(out).toMatch(/damage .*byte [\d,]+, after frame 79/s);
});

test("a capture in the place of a command: the command is named", async () => {
  expect((await run(HEALTHY)).err).toContain(`slotshark analyze ${HEALTHY}`);
});

test("a misspelt command, option and rule get a suggestion", async () => {
  expect((await run("anlyze")).err).toContain("Did you mean analyze?");
  expect((await run("analyze", "--formt", "json", HEALTHY)).err).toContain("Did you mean --format?");
  expect((await run("analyze", "--rule", "seq-gab", HEALTHY)).err).toContain("did you mean seq-gap");
});

test("hostile arguments are escaped", async () => {
  const { err } = await run("analyze", "\u001b[2J\nfile");
  expect(err).toContain("\\x1b[2J\\x0afile: no such file");
});

test("-r and -T are short for captures and --format", async () => {
  const long = await run("analyze", "--format", "json", HEALTHY);
  const short = await run("analyze", "-r", HEALTHY, "-T", "json");
  expect(short).toEqual(long);
});

test("the JSON document of a real capture fits the schema and is the same each time", async () => {
  const validate = strictSchema();
  for (const path of [HEALTHY, MISUSE, inFolder("cut.pcap"), inFolder("no-packets.pcap")]) {
    const { out } = await run("analyze", "-T", "json", path);
    const document = JSON.parse(out);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect((await run("analyze", "-T", "json", path)).out).toBe(out);
  }
});

test("the misuse of SEQ13 is named with its frames", async () => {
  const { findings } = JSON.parse((await run("analyze", "-T", "json", MISUSE)).out);
  const gap = findings.find(({ rule }: { rule: string }) => rule === "seq-gap");
  expect(gap).toMatchObject({ fault: "client", slot: 2, seq: 3, frames: expect.arrayContaining([14, 15]) });
});

test("--rule and --min-severity leave the rest out", async () => {
  const only = await run("analyze", "-T", "json", "--rule", "seq-gap,seq-behind", MISUSE);
  const rules = JSON.parse(only.out).findings.map(({ rule }: { rule: string }) => rule);
  expect(rules).toContain("seq-gap");
  expect(rules.filter((rule: string) => !["seq-gap", "seq-behind"].includes(rule))).toEqual([]);
  const severe = await run("analyze", "-T", "json", "--min-severity", "error", MISUSE);
  expect(JSON.parse(severe.out).summary).toMatchObject({ warnings: 0, notes: 0 });
});

test("both readers give the same report", async () => {
  const own = await run("analyze", MISUSE);
  expect(await run("analyze", "--reader", "pcap-parser", MISUSE)).toEqual(own);
});

test("an interrupt ends with what was seen so far, a second one at once", async () => {
  const terminal = new FakeTerminal();
  const running = main(["analyze", HEALTHY], terminal);
  terminal.interrupt(1);
  expect(await running).toBe(0);
  expect(terminal.stdout.text).toContain("Interrupted: this is what was seen up to then.");
  expect(terminal.isListening).toBe(false);
  const again = new FakeTerminal();
  const hurried = main(["analyze", HEALTHY], again);
  again.interrupt(2);
  await hurried;
  expect(again.exited).toBe(130);
});

describe("--format ndjson", () => {
  const types = (out: string) => linesOf(out).map(({ type }) => type);

  test("findings, sessions, captures, and exchanges where they are asked for", async () => {
    const { out, err } = await run("analyze", "-T", "ndjson", MISUSE, HEALTHY);
    expect(err).toBe("");
    expect(new Set(types(out))).toEqual(new Set(["capture", "finding", "session", "summary"]));
    expect(JSON.parse(out.slice(0, out.indexOf("\n")))).toMatchObject({ schema: "slotshark/stream/1", path: MISUSE });
    const records = await run("analyze", "-T", "ndjson", "--records", MISUSE);
    expect(types(records.out)).toContain("exchange");
  });

  test("--rule and --min-severity leave the rest out", async () => {
    const { out } = await run("analyze", "-T", "ndjson", "--rule", "seq-gap", MISUSE);
    const lines = linesOf(out);
    expect(lines.flatMap(({ rule }) => rule ?? [])).toEqual(["seq-gap"]);
    expect(lines.at(-1).summary).toEqual({ errors: 1, warnings: 0, notes: 0 });
  });

  test("an interrupt ends it with the summary", async () => {
    const terminal = new FakeTerminal();
    const running = main(["analyze", "-T", "ndjson", HEALTHY], terminal);
    terminal.interrupt(1);
    expect(await running).toBe(0);
    expect(linesOf(terminal.stdout.text).at(-1)).toMatchObject({ type: "summary", interrupted: true });
  });

  test("when the reader goes away the reading ends as well, quietly", async () => {
    const terminal = new FakeTerminal();
    terminal.stdout.room = 10;
    expect(await main(["analyze", "-T", "ndjson", "--records", HEALTHY, MISUSE], terminal)).toBe(0);
    expect(terminal.stderr.text).toBe("");
    expect(terminal.stdout.text).not.toContain('"type":"summary"');
  });

  test("on a terminal no progress is drawn between the lines", async () => {
    const terminal = new FakeTerminal();
    Object.assign(terminal.stdout, { isTTY: true });
    Object.assign(terminal.stderr, { isTTY: true });
    await main(["analyze", "-T", "ndjson", "--no-color", HEALTHY], terminal);
    expect(terminal.stderr.text).toBe("");
  });
});

test("a reader that goes away ends the report quietly", async () => {
  const terminal = new FakeTerminal();
  terminal.stdout.room = 10;
  expect(await main(["analyze", "-T", "json", HEALTHY], terminal)).toBe(0);
  expect(terminal.stderr.text).toBe("");
});

describe("which rules, and how", () => {
  const findings = async (...argv: string[]) => {
    const { out, err } = await run("analyze", "-T", "json", ...argv, MISUSE);
    expect(err).toBe("");
    return JSON.parse(out).findings.map(({ rule, severity }: Record<string, string>) => `${severity} ${rule}`);
  };

  test("chosen by id, family and pattern", async () => {
    expect(await findings("--rule", "slots")).toEqual(["error seq-gap", "error seq-behind"]);
    expect(await findings("--rule", "seq-*", "--not-rule", "seq-behind")).toEqual(["error seq-gap"]);
    expect(await findings("--not-rule", "slots,capture-*")).toEqual([]);
  });

  test("set by a config file", async () => {
    writeFileSync(inFolder("set.json"), '{"rules": {"seq-gap": "warning", "seq-behind": "off"}}');
    expect(await findings("--config", inFolder("set.json"))).toEqual(["warning seq-gap"]);
    writeFileSync(inFolder("bad.json"), '{"rules": {"seq-gab": "off"}}');
    const { status, err } = await run("analyze", "--config", inFolder("bad.json"), MISUSE);
    expect([status, err]).toEqual([
      2,
      `slotshark: ${inFolder("bad.json")}: rules.seq-gab: there is no rule seq-gab: did you mean seq-gap?\n`,
    ]);
  });

  test("of one's own, with their options", async () => {
    expect(await findings("--rules", OWN, "--rule", "own")).toEqual([]);
    writeFileSync(inFolder("slow.json"), '{"rules": {"slow-reply": {"options": {"slowMilliseconds": 0.1}}}}');
    const set = ["--rules", OWN, "--config", inFolder("slow.json")];
    expect(await findings("--rule", "slow-reply", ...set)).toContain("warning slow-reply");
    const { out } = await run("analyze", "--rule", "own", ...set, MISUSE);
    expect(out).toMatch(/what +slot \d+: the answer to seq \d+ took 0\.\d ms/);
    expect(out).toContain(`slotshark explain --rules ${OWN} slow-reply`);
    expect((await run("explain", "--rules", OWN, "slow-reply")).out).toContain("A reply took long");
    expect((await run("rules", "--rules", OWN, "--family", "own")).out).toMatch(/^1 rule;/);
    expect((await run("analyze", "--rules", OWN, "--rules", OWN, MISUSE)).err).toContain(
      "there is a rule slow-reply already",
    );
  });

  test("of one's own that fail: one line, and no internal error", async () => {
    const broken = readFileSync(OWN, "utf8").replace("call.reply.at", "call.answer.at");
    writeFileSync(inFolder("broken.mjs"), broken);
    const { status, err } = await run("analyze", "--rules", inFolder("broken.mjs"), MISUSE);
    expect(status).toBe(2);
    expect(err).toMatch(/^slotshark: .*broken\.mjs: rule slow-reply failed in answer-clean: TypeError[^\n]*\n$/);
  });

  test("listed as data", async () => {
    const { out } = await run("rules", "--format", "json", "--severity", "error", "--fault", "client");
    const all = JSON.parse(out) as Record<string, unknown>[];
    expect(all.every(({ severity, fault }) => severity === "error" && fault === "client")).toBe(true);
    expect(all.find(({ id }) => id === "seq-gap")).toMatchObject({ family: "slots", pynfs: ["SEQ13"] });
    expect(JSON.parse((await run("rules", "--format", "json")).out)).toHaveLength(223);
    const derived = JSON.parse((await run("rules", "--format", "json", "--derived")).out) as Record<string, unknown>[];
    expect(derived.some(({ derivedFrom }) => derivedFrom === "seq-gap")).toBe(true);
    expect((await run("explain", "backchannel-seq-gap")).status).toBe(0);
  });
});

describe("colours", () => {
  const ESCAPE = "\u001b[";
  test.each([
    ["a terminal", true, {}, [], true],
    ["a pipe", false, {}, [], false],
    ["NO_COLOR", true, { NO_COLOR: "1" }, [], false],
    ["an empty NO_COLOR", true, { NO_COLOR: "" }, [], true],
    ["a dumb terminal", true, { TERM: "dumb" }, [], false],
    ["--no-color", true, {}, ["--no-color"], false],
    ["--color into a pipe", false, {}, ["--color"], true],
    ["--color against NO_COLOR", true, { NO_COLOR: "1" }, ["--color"], true],
  ] as const)("%s", async (_name, isTTY, environment, options, expected) => {
    const terminal = new FakeTerminal();
    terminal.stdout.isTTY = isTTY;
    terminal.environment = environment;
    await main(["analyze", ...options, HEALTHY], terminal);
    expect(terminal.stdout.text.includes(ESCAPE)).toBe(expected);
  });
});

test("the version is that of the package", async () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
  expect(VERSION).toBe(version);
  expect((await run("--version")).out).toBe(`${version}\n`);
});
