import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { analyzeFiles } from "./analyze-captures.ts";
import { type Ganesha, ganeshaOrSkip, startGanesha } from "./ganesha.ts";
import { documentOf } from "./json-document.ts";
import {
  BUILD_MILLIS_MAX,
  GUEST_ADDRESS,
  guestOrSkip,
  HOST_ADDRESS,
  type LinuxGuest,
  startGuest,
} from "./linux-guest.ts";

const required = [guestOrSkip(), ganeshaOrSkip()].find(({ skip }) => skip) ?? { skip: false, reason: "" };

describe.skipIf(required.skip)(`a Linux guest (${required.reason})`, () => {
  let guest: LinuxGuest;
  let ganesha: Ganesha;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "slotshark-guest-test-"));
    guest = await startGuest();
    ganesha = await startGanesha({ address: HOST_ADDRESS, inside: (command) => guest.inNamespace(command) });
  }, BUILD_MILLIS_MAX);

  afterAll(async () => {
    await ganesha?.stop();
    await guest?.stop();
    rmSync(folder, { recursive: true });
  });

  test("a script has its output and its status", async () => {
    expect(await guest.run("echo out; echo err >&2; exit 3")).toEqual({ status: 3, output: "out\nerr\n" });
    expect(await guest.run("sleep 60", { seconds: 0.2 })).toEqual({ status: null, output: "" });
  });

  test("scripts run side by side", async () => {
    const waits = guest.run("until [ -e /tmp/go ]; do sleep 0.1; done; echo went");
    await guest.run("touch /tmp/go");
    expect(await waits).toEqual({ status: 0, output: "went\n" });
  });

  test.each(["4.1", "4.2"])("mounts a server beside it, and its traffic can be captured: vers=%s", async (version) => {
    const file = join(folder, `${version}.pcap`);
    const capture = await guest.capture(file);
    const script = `
      set -e
      mount -t nfs -o vers=${version},port=${ganesha.port} ${HOST_ADDRESS}:/vfs /mnt
      grep -o 'vers=[0-9.]*' /proc/mounts
      echo hello > /mnt/file-${version}
      umount /mnt
    `;
    expect(await guest.run(script)).toEqual({ status: 0, output: `vers=${version}\n` });
    await capture.stop();
    expect(existsSync(join(ganesha.files, `file-${version}`))).toBe(true);
    const { sessions, coverage } = documentOf(await analyzeFiles([file]));
    expect(sessions).not.toEqual([]);
    expect(sessions[0]).toMatchObject({ inferred: false, minorVersion: Number(version.slice(2)) });
    expect(coverage.gaps).toBe(0);
  });

  test("a second client in it is another one to the server", async () => {
    const script = `
      set -e
      client_up two 12
      mkdir -p /tmp/one /tmp/two
      mount -t nfs -o vers=4.1,port=${ganesha.port} ${HOST_ADDRESS}:/vfs /tmp/one
      in_client two mount -t nfs -o vers=4.1,port=${ganesha.port} ${HOST_ADDRESS}:/vfs /tmp/two
      exec 5> /tmp/one/locked
      flock -n 5
      exec 6> /tmp/two/locked
      if flock -n 6; then echo both; else echo refused; fi
      flock -u 5
      flock -w 5 6
      exec 5>&- 6>&-
      umount /tmp/two /tmp/one
    `;
    expect(await guest.run(script)).toEqual({ status: 0, output: "refused\n" });
  });

  test("its own server can be reached from the namespace", async () => {
    expect(await guest.run("srv_up")).toEqual({ status: 0, output: "" });
    guest.runOnHost(["bash", "-c", `exec 5<> /dev/tcp/${GUEST_ADDRESS}/2049`]);
    expect(await guest.run("srv_down")).toEqual({ status: 0, output: "" });
  });

  test("another one may run beside it, and leaves nothing behind", async () => {
    const other = await startGuest();
    expect(other.namespace).not.toBe(guest.namespace);
    const left = other.spawn(["sleep", "100"]);
    const died = new Promise((resolve) => left.once("exit", (_, signal) => resolve(signal)));
    await other.stop();
    expect(await died).toBe("SIGKILL");
    expect(String(spawnSync("ip", ["netns", "list"]).stdout)).not.toContain(other.namespace);
    expect(existsSync(join(tmpdir(), other.namespace))).toBe(false);
  });
});
