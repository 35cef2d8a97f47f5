import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { coresAvailable, Mailbox, newChannel, type Port, Thread } from "../../src/sys/threads.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slotshark-threads-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A thread that runs this code, which finds its port as `port`. */
function start(code: string): { thread: Thread; port: Port; mailbox: Mailbox<unknown> } {
  const script = join(folder, "script.cjs");
  writeFileSync(script, `const { port } = require("node:worker_threads").workerData; ${code}`);
  const [port, theirs] = newChannel();
  return { thread: new Thread(script, { port: theirs }, [theirs]), port, mailbox: new Mailbox(port) };
}

test("there is a core", () => {
  expect(coresAvailable()).toBeGreaterThanOrEqual(1);
});

test("messages arrive in order, those before the end of the channel too", async () => {
  const { thread, mailbox } = start("for (let n = 0; n < 1000; n++) port.postMessage(n); port.close();");
  for (let n = 0; n < 1000; n++) expect(await mailbox.receive()).toBe(n);
  expect(await mailbox.receive()).toBeNull();
  expect(await mailbox.receive()).toBeNull();
  await thread.ended;
});

test("a thread ends when its port is closed from here", async () => {
  const { thread, port, mailbox } = start("port.on('message', (n) => port.postMessage(n + 1));");
  port.postMessage(1);
  expect(await mailbox.receive()).toBe(2);
  port.close();
  await thread.ended;
});

test("memory is shared, not copied", async () => {
  const { port, mailbox } = start(
    "port.on('message', (bytes) => { bytes[0] = 7; port.postMessage(0); port.close(); });",
  );
  const bytes = new Uint8Array(new SharedArrayBuffer(4));
  port.postMessage(bytes);
  await mailbox.receive();
  expect(bytes[0]).toBe(7);
});

test("what went wrong in a thread is told by its end", async () => {
  const { thread, mailbox } = start("throw new RangeError('too far');");
  expect(await mailbox.receive()).toBeNull();
  await expect(thread.ended).rejects.toThrow(new RangeError("too far"));
});

test("a thread that cannot be started", async () => {
  const [, theirs] = newChannel();
  const thread = new Thread(join(folder, "none.cjs"), { port: theirs }, [theirs]);
  await expect(thread.ended).rejects.toThrow("none.cjs");
});
