import fc from "fast-check";
import { expect, test } from "vitest";
import { readCallback } from "../../src/requester/callback-message.ts";
import { readReply, replyText } from "../../src/requester/compound-reply.ts";
import { operationCall } from "../../src/requester/operation-call.ts";
import { writeRecordMark } from "../../src/rpc/write.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { voidType } from "../../src/xdr/types.ts";
import { fakeWorld } from "../support/requester-fixture.ts";

const putRootFh = operationCall("PUTROOTFH", voidType);

/** Words that look like something now and then. */
const word = fc.oneof(fc.constantFrom(0, 1, 2, 3, 4, 11, 24, 53, 10044, 100003, 0x4000_0000, 0xffff_ffff), fc.nat());
const words = fc.array(word, { maxLength: 60 }).map((values) => {
  const sink = new Sink();
  for (const value of values) sink.u32(value);
  return sink.finish();
});

test("any bytes are read as a reply, as far as they go", () => {
  fc.assert(
    fc.property(fc.oneof(words, fc.uint8Array({ maxLength: 200 })), (bytes) => {
      expect(typeof replyText(readReply(bytes))).toBe("string");
    }),
  );
});

test("any bytes are read as a callback, or refused", () => {
  fc.assert(
    fc.property(fc.oneof(words, fc.uint8Array({ maxLength: 200 })), (bytes) => {
      const message = readCallback(bytes, 0);
      expect(message === null || message.operations.length <= 1024).toBe(true);
    }),
  );
});

test("whatever a server says, every caller is told and nothing is thrown", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(words, { minLength: 1, maxLength: 8 }), async (messages) => {
      const { timers, server, managed } = fakeWorld({}, { timeoutMillis: 100 });
      const session = await managed({ patienceMillis: 0 });
      let next = 0;
      server.onSequence = ({ sa_sequenceid }, peer) => {
        const message = messages[next++ % messages.length]!;
        const sink = new Sink();
        writeRecordMark(sink, message.length);
        sink.raw(message);
        peer.channel.write(sink.finish());
        return next > 20 || sa_sequenceid % 2 === 0 ? null : "silent";
      };
      const outcomes = await timers.until(
        Promise.all([1, 2, 3].map(() => session.compound([putRootFh(undefined)], { isRepeatable: true }))),
      );
      expect(outcomes).toHaveLength(3);
      await timers.until(session.close());
    }),
    { numRuns: 60 },
  );
});
