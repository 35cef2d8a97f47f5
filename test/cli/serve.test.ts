import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";

const PROGRAM = join(import.meta.dirname, "../../bin/slotshark.js");
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

/** The program as a user starts it, once it listens. */
async function serve(...args: string[]) {
  const child = spawn(process.execPath, [PROGRAM, "serve", "--listen", "127.0.0.1:0", ...args]);
  started.push(child);
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.err += text));
  const exit = once(child, "exit");
  await expect.poll(() => said.err, { timeout: 10_000 }).toContain("NFSv4");
  const port = Number(/^listening on [\d.]+:(\d+)\n$/.exec(said.out)?.[1]);
  return { child, port, said, exit };
}

test("says where it listens and whom it serves, and ends when told to", async () => {
  const { child, port, said, exit } = await serve("--minor", "1");
  expect(port).toBeGreaterThan(0);
  expect(said.err).toContain("NFSv4.1 for this machine only");
  child.kill("SIGTERM");
  expect(await exit).toEqual([0, null]);
  expect(said.err).toContain("stopped after 0 requests");
});

test("a server for all the world says so, and one that misbehaves too", async () => {
  const { said } = await serve("--listen", "0.0.0.0:0", "--fault", "silent-drop,attrs-raised");
  expect(said.err).toContain("everybody who can reach this address");
  expect(said.err).toContain("misbehaves on purpose: silent-drop, attrs-raised");
});

test("a malformed record ends its connection only, with one line", async () => {
  const { port, said, child, exit } = await serve();
  const [bad, good] = [connect(port, "127.0.0.1"), connect(port, "127.0.0.1")];
  await Promise.all([once(bad, "connect"), once(good, "connect")]);
  // The server resets it, which counts as an error here.
  const ended = new Promise((resolve) => bad.once("error", resolve).once("close", resolve));
  bad.write(Buffer.from("ffffffffdeadbeef", "hex"));
  await ended;
  // NULL on the other one is answered.
  const words = [1, 0, 2, 100_003, 4, 0, 0, 0, 0, 0];
  const call = Buffer.alloc(4 + 4 * words.length);
  call.writeUInt32BE(0x8000_0000 + 4 * words.length, 0);
  for (const [index, word] of words.entries()) call.writeUInt32BE(word, 4 + 4 * index);
  good.write(call);
  const [reply] = (await once(good, "data")) as [Buffer];
  expect(reply.readUInt32BE(4)).toBe(1);
  expect(said.err.match(/connection closed/g)).toHaveLength(1);
  good.destroy();
  child.kill("SIGTERM");
  await exit;
});

test("SIGUSR2 restarts it on the same port", async () => {
  const { child, port, said, exit } = await serve();
  child.kill("SIGUSR2");
  await expect.poll(() => said.err, { timeout: 5000 }).toContain("restarted");
  const again = connect(port, "127.0.0.1");
  await once(again, "connect");
  again.destroy();
  child.kill("SIGINT");
  expect(await exit).toEqual([0, null]);
});

test.each([
  [["--fault", "silent-drip"], "there is no fault silent-drip: did you mean silent-drop?"],
  [["--listen", "nowhere:x"], "nowhere:x is no address"],
  [["--listen", "192.0.2.1:0"], "cannot listen on 192.0.2.1:0"],
  [["--minor", "0"], "Write 1, 2 or 1,2."],
  [["--max-bytes", "lots"], "Write a number of bytes, as in 512M."],
])("%j is refused in one line", async (args, complaint) => {
  const child = spawn(process.execPath, [PROGRAM, "serve", ...args]);
  started.push(child);
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const [status] = await once(child, "close");
  expect(status).toBe(2);
  expect(err).toContain(complaint);
  expect(err.trim().split("\n")).toHaveLength(1);
});
