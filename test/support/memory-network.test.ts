import { describe, expect, test } from "vitest";
import type { ByteChannel } from "../../src/sys/byte-channel.ts";
import { type LinkConditions, memoryChannels } from "./memory-network.ts";
import { VirtualTimers } from "./virtual-timers.ts";

function listen(channel: ByteChannel) {
  const heard = { text: "", closed: undefined as string | null | undefined, drained: 0 };
  channel.open({
    received: (bytes) => {
      heard.text += Buffer.from(bytes).toString();
    },
    closed: (why) => {
      heard.closed = why;
    },
    drained: () => {
      heard.drained++;
    },
  });
  return heard;
}

function pair(conditions: LinkConditions = {}) {
  const timers = new VirtualTimers();
  const link = memoryChannels(timers, conditions);
  return { timers, link, client: listen(link.client), server: listen(link.server) };
}

const bytes = (text: string) => Buffer.from(text);

describe("memoryChannels", () => {
  test("bytes arrive in order, after the latency, in segments", async () => {
    const latencies = [30, 5, 10];
    const { timers, link, server } = pair({ latencyMillis: () => latencies.shift() ?? 1, segmentBytes: () => 2 });
    link.client.write(bytes("abcdef"));
    await timers.advance(29);
    expect(server.text).toBe("");
    await timers.advance(1);
    expect(server.text).toBe("abcdef");
  });

  test("an end in good order is answered, and what was written before still arrives", async () => {
    const { timers, link, client, server } = pair({ latencyMillis: () => 10 });
    link.server.write(bytes("last words"));
    link.client.end();
    link.client.write(bytes("ignored"));
    await timers.advance(100);
    expect(client).toMatchObject({ text: "last words", closed: null });
    expect(server).toMatchObject({ text: "", closed: null });
  });

  test("a reset tells both, and loses what is on its way", async () => {
    const { timers, link, client, server } = pair({ latencyMillis: () => 10 });
    link.server.write(bytes("too late"));
    link.client.reset();
    await timers.advance(100);
    expect(client).toMatchObject({ text: "", closed: null });
    expect(server.closed).toBe("read ECONNRESET");
  });

  test("a cut is told to both, a frozen link to nobody", async () => {
    const cut = pair();
    cut.link.client.write(bytes("lost"));
    cut.link.cut("storm");
    await cut.timers.advance(1);
    expect([cut.client.closed, cut.server.closed, cut.server.text]).toEqual(["storm", "storm", ""]);
    const frozen = pair();
    frozen.link.freeze();
    frozen.link.client.write(bytes("lost"));
    await frozen.timers.advance(1000);
    expect([frozen.client.closed, frozen.server.closed, frozen.server.text]).toEqual([undefined, undefined, ""]);
  });

  test("a paused peer fills the window, then the writer's queue", async () => {
    const { timers, link, client, server } = pair({ windowBytes: 4, segmentBytes: () => 2 });
    link.server.pause();
    link.client.write(bytes("abcdefgh"));
    await timers.advance(10);
    expect([server.text, link.client.queuedBytes]).toEqual(["", 4]);
    link.server.resume();
    await timers.advance(10);
    expect([server.text, link.client.queuedBytes, client.drained]).toEqual(["abcdefgh", 0, 1]);
  });

  test("it breaks when the weather says so", async () => {
    const { timers, link, client } = pair({ breaks: () => true });
    link.client.write(bytes("x"));
    await timers.advance(1);
    expect(client.closed).toBe("the connection broke");
  });
});

describe("VirtualTimers", () => {
  test("what is due runs in order, what is called off does not", async () => {
    const timers = new VirtualTimers();
    const ran: string[] = [];
    timers.after(20, () => ran.push(`b at ${timers.nowMillis}`));
    timers.after(10, () => ran.push(`a at ${timers.nowMillis}`));
    timers.after(20, () => ran.push("c"));
    const cancel = timers.after(5, () => ran.push("never"));
    cancel();
    cancel();
    expect(timers.pending).toBe(3);
    await timers.advance(20);
    expect(ran).toEqual(["a at 10", "b at 20", "c"]);
    expect([timers.pending, timers.nowMillis]).toEqual([0, 20]);
  });

  test("it runs until a promise settles, and says when it never will", async () => {
    const timers = new VirtualTimers();
    const later = new Promise<string>((resolve) => void timers.after(50, () => resolve("done")));
    expect(await timers.until(later)).toBe("done");
    await expect(timers.until(new Promise(() => {}))).rejects.toThrow("nothing is due");
  });
});
