import { expect, test } from "vitest";
import { op, scenario } from "./scenario.ts";

test("a healthy conversation is understood to the last byte and accuses nobody", () => {
  const wire = scenario();
  const session = wire.session({ slots: 4, flags: 2 });
  session.slot(0).exchange(1, 5);
  session.slot(1).exchange(1, 3, [op.putfh(), op.write(new Uint8Array(5000))]);
  session.slot(0).send(6, [op.putfh(), op.remove()], { cachethis: true }).ok();
  const callback = session.connection.callback([session.callbackSequence(0, 1)]);
  callback.ok();
  expect(wire.findings().filter(({ severity }) => severity !== "note")).toEqual([]);
  const { tally, observation } = wire.wire.analyzer;
  expect(tally).toMatchObject({ sequenceCalls: 9, sequenceReplies: 9, notUnderstood: 0, unansweredCalls: 0 });
  const [server] = observation.servers;
  const [seen] = server!.sessions.values();
  expect(seen!.fore).toMatchObject({ slotsUsed: 2, highestSlotUsed: 1, calls: 9, retries: 0 });
  expect(seen!.created?.frame).toBe(session.creation.reply);
});
