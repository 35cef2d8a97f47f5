import { describe, expect, it } from "vitest";
import { CREATE_SESSION4_FLAG_CONN_BACK_CHAN, NFS4_OK } from "../../src/nfs4/constants.ts";
import { WISHED_CHANNELS } from "../../src/session/connection.ts";
import { RequestSlots } from "../../src/session/request-slots.ts";
import type { SessionRecord } from "../../src/session/session.ts";
import { clientSession, serverSession } from "../../src/session/session.ts";
import { SlotTable } from "../../src/session/slot-table.ts";

function attributes(maxRequests: number) {
  const sizes = { headerPadSize: 0, maxRequestSize: 4096, maxResponseSize: 4096, maxResponseSizeCached: 1024 };
  return { ...sizes, maxOperations: 8, maxRequests, rdmaIrd: null };
}

const RECORD: SessionRecord = {
  id: Uint8Array.from({ length: 16 }, (_, i) => i),
  clientId: 0x1001n,
  minorVersion: 1,
  flagsRequested: CREATE_SESSION4_FLAG_CONN_BACK_CHAN,
  flags: 0,
  fore: { requested: attributes(64), granted: attributes(10) },
  back: { requested: attributes(4), granted: attributes(4) },
  callbackProgram: 0x4000_0000,
  callbackSecurity: [{ flavor: 1, principal: "root" }],
  createdAt: 5,
};

describe("Session", () => {
  it("a server answers on the fore channel; without a back channel there is no table for it", () => {
    const session = serverSession<string>(RECORD);
    session.created(1, false);
    expect(session.key).toBe("000102030405060708090a0b0c0d0e0f");
    expect(session.fore).toBeInstanceOf(SlotTable);
    expect([session.fore.size, session.back, session.lastActivity]).toEqual([10, null, 5]);
  });

  it("the table for the back channel comes with CONN_BACK_CHAN", () => {
    const session = serverSession<string>({ ...RECORD, flags: CREATE_SESSION4_FLAG_CONN_BACK_CHAN });
    session.created(1, true);
    expect(session.back).toBeInstanceOf(RequestSlots);
    expect(session.back?.limit).toBe(3);
  });

  it("or later, with a bind, and outlives the connection", () => {
    const session = serverSession<string>(RECORD);
    session.created(1, false);
    expect(session.bind(2, WISHED_CHANNELS.fore, false, 6).status).toBe(NFS4_OK);
    expect(session.back).toBeNull();
    session.bind(3, WISHED_CHANNELS.backOrBoth, false, 7);
    const { back } = session;
    const ticket = back!.take(3);
    expect(session.connections.lost(3)).toBe(true);
    expect(back!.connectionLost(3)).toEqual([0]);
    session.bind(4, WISHED_CHANNELS.back, false, 8);
    expect(session.back).toBe(back);
    expect(session.back!.resend(0, 4)).toEqual(ticket);
  });

  it("a client asks on the fore channel and answers on the back channel", () => {
    const session = clientSession<string>(RECORD, {}, { min: 1, max: 8 });
    session.created(1, true);
    expect(session.fore.limit).toBe(7);
    expect(session.back).toBeInstanceOf(SlotTable);
    expect(session.back?.size).toBe(4);
  });

  it("BACKCHANNEL_CTL changes program and security, not the record", () => {
    const session = serverSession<string>(RECORD);
    session.setCallback(7, []);
    expect([session.callbackProgram, session.callbackSecurity, session.record.callbackProgram]).toEqual([
      7,
      [],
      0x4000_0000,
    ]);
  });

  it("does not share slots between sessions", () => {
    const [one, other] = [serverSession<string>(RECORD), serverSession<string>(RECORD)];
    const request = { fingerprint: 1, principal: "root", cachethis: false, highest: 0 };
    one.fore.markSlotInUse(0, 1, request);
    expect([one.fore.busySlots, other.fore.busySlots]).toEqual([1, 0]);
  });
});
