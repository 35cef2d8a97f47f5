import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Analysis } from "../../src/analysis/analysis.ts";
import { complaints } from "../support/complaints.ts";
import { documentOf } from "../support/json-document.ts";
import { BUILD_MILLIS_MAX, guestOrSkip } from "../support/linux-guest.ts";
import { ServedGuest } from "../support/served-guest.ts";

const required = guestOrSkip();

/** Names each finding above a note; nothing else may be in the traffic of a healthy server and a healthy client. */
const saidOf = ({ findings }: Analysis) => complaints(findings).map(({ rule, message }) => `${rule.id}: ${message}`);

/** Where the capture lost packets, what looks unanswered need not be. */
const unansweredOf = ({ totals }: Analysis) => (totals.captureGaps > 0 ? 0 : totals.unansweredCalls);

describe.skipIf(required.skip)(`slotshark serve under an unmodified Linux client (${required.reason})`, () => {
  let served: ServedGuest;

  beforeAll(async () => {
    served = await ServedGuest.start();
  }, BUILD_MILLIS_MAX);

  afterAll(() => served?.stop());

  /** Runs a script in the guest while its traffic is captured; the script prints `expected`. */
  async function works(script: string, expected: string, seconds = 60): Promise<void> {
    let output = "";
    const analysis = await served.analyzed(async () => {
      // What the client still holds back would be cut off with the capture.
      const run = await served.run(`${script}\nsync`, seconds);
      output = `${run.output}${run.status === 0 ? "" : `status ${run.status}\n`}`;
    });
    expect(output).toBe(expected);
    expect(saidOf(analysis)).toEqual([]);
    expect(unansweredOf(analysis)).toBe(0);
  }

  test("mounts with 4.1 over four connections, and with 4.2", { timeout: 60_000 }, async () => {
    let mounted = "";
    const analysis = await served.analyzed(async () => {
      mounted = (await served.mount()).output;
      mounted += (await served.run("grep -o 'vers=[0-9.]*' /proc/mounts")).output;
    });
    expect(mounted).toBe("vers=4.1\nvers=4.2\n");
    expect(saidOf(analysis)).toEqual([]);
    expect(documentOf(analysis).sessions).toHaveLength(2);
  });

  test("a tree of 2,000 files arrives whole, for both clients", { timeout: 120_000 }, async () => {
    const script = `
      for i in $(seq 40); do mkdir -p /tmp/tree/d$i; for j in $(seq 50); do echo "$i $j $RANDOM" > /tmp/tree/d$i/f$j; done; done
      tar cf - -C /tmp tree | tar xf - -C /m1
      diff -r /tmp/tree /m1/tree && echo first the same
      diff -r /tmp/tree /m2/tree && echo second the same
      find /m2/tree -type f | wc -l
    `;
    await works(script, "first the same\nsecond the same\n2000\n", 110);
  });

  test("16 writers and readers at once", { timeout: 90_000 }, async () => {
    const script = `
      mkdir /m1/parallel
      for i in $(seq 16); do (head -c 1500000 /dev/urandom > /tmp/p$i; cp /tmp/p$i /m1/parallel/p$i) & done; wait
      (cd /tmp; md5sum p? p??) > /tmp/sums
      for dir in /m1/parallel /m2/parallel; do (cd $dir; md5sum --quiet -c /tmp/sums) & done; wait; echo checked
    `;
    await works(script, "checked\n", 80);
  });

  test("flock and fcntl locks of one client are seen by the other", { timeout: 60_000 }, async () => {
    const lock = (file: string, start: number) =>
      `perl -MFcntl=:DEFAULT,:seek -e 'open F, "+<", "${file}"; $l = pack("s s x4 q q l x4", F_WRLCK, SEEK_SET, ${start}, 10, 0);
        print fcntl(F, F_SETLK, $l) ? "locked ${start}\\n" : "refused ${start}\\n"; $| = 1; sleep $ARGV[0]'`;
    const script = `
      touch /m1/lock
      flock -x /m1/lock sleep 3 & sleep 1
      flock -n -x /m2/lock true || echo flock refused; wait
      flock -n -x /m2/lock echo flock free
      ${lock("/m1/lock", 0)} 3 & sleep 1
      ${lock("/m2/lock", 5)} 0
      ${lock("/m2/lock", 10)} 0
      wait
      ${lock("/m2/lock", 6)} 0
    `;
    await works(script, "flock refused\nflock free\nlocked 0\nrefused 5\nlocked 10\nlocked 6\n");
  });

  test("a file renamed over an open one, and one removed while open", { timeout: 60_000 }, async () => {
    const script = `
      echo old > /m1/target; exec 7< /m1/target; echo new > /m2/other; mv /m2/other /m2/target
      cat <&7; cat /m2/target; exec 7<&-
      echo kept > /m1/gone; exec 8< /m1/gone; rm /m1/gone; cat <&8; exec 8<&-
    `;
    await works(script, "old\nnew\nkept\n");
  });

  test("a delegation is recalled when the second client writes", { timeout: 60_000 }, async () => {
    let output = "";
    const analysis = await served.analyzed(async () => {
      const script = `
        echo before > /m2/delegated; sleep 0.5; exec 8< /m1/delegated; cat <&8
        echo after > /m2/delegated; cat /m1/delegated; exec 8<&-
      `;
      output = (await served.run(script)).output;
    });
    expect(output).toBe("before\nafter\n");
    expect(analysis.totals.callbackCalls).toBeGreaterThan(0);
    expect(saidOf(analysis)).toEqual([]);
  });

  test("the server restarts: both clients recover, locks and opens are reclaimed", { timeout: 120_000 }, async () => {
    let output = "";
    const analysis = await served.analyzed(async () => {
      const holder = served.run(
        `exec 9> /m1/held; flock -x 9; for i in $(seq 40); do echo $i >> /m1/lines || echo failed; sleep 0.2; done; wc -l < /m1/lines`,
        100,
      );
      await served.run("until [ -s /m1/lines ]; do sleep 0.1; done; sleep 1");
      served.restart();
      const other = await served.run(
        "flock -n -x /m2/held true || echo refused; echo ok > /m2/written; cat /m2/written",
        60,
      );
      output = other.output + (await holder).output + (await served.run("flock -n -x /m2/held echo free")).output;
    });
    expect(output).toBe("refused\nok\n40\nfree\n");
    expect(saidOf(analysis)).toEqual([]);
    expect(served.log).toContain("restarted");
  });

  test("connections are cut again and again: what was on its way is retried, nothing runs twice", {
    timeout: 120_000,
  }, async () => {
    let output = "";
    const analysis = await served.analyzed(async () => {
      const script = `
        mkdir /m2/cut; for i in $(seq 150); do mkdir /m2/cut/d$i || echo failed; mv /m2/cut/d$i /m2/cut/e$i || echo failed; done
        ls /m1/cut | wc -l
      `;
      const work = served.run(script, 90);
      for (let times = 0; times < 4; times++) {
        await served.run("sleep 0.15");
        served.cut();
      }
      output = (await work).output;
    });
    expect(output).toBe("150\n");
    expect(saidOf(analysis)).toEqual([]);
    expect(analysis.totals.tcpConnections).toBeGreaterThan(4);
  });

  test("unmounts", { timeout: 60_000 }, async () => {
    await works("umount /m1 && umount /m2 && echo unmounted", "unmounted\n");
  });
});
