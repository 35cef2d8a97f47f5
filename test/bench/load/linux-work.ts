import { ServedGuest } from "../../support/served-guest.ts";
import { figuresOf } from "./process-figures.ts";

const MOUNTS = ["/m1", "/m2"];
const CYCLE_SECONDS_MAX = 240;
/** For the guest's start and end. */
const SPARE_SECONDS = 300;

/**
 * What is done with both mounts, once in each cycle. A script prints nothing but what is wrong. $1 is a name of the cycle's
 * own: a client may go on for a minute with what it has once seen of a name.
 */
const SCRIPTS: Readonly<Record<string, string>> = {
  "unpack, compare and remove 300 files": `
    mkdir /m1/$1 && tar cf - -C /tmp tree | tar xf - -C /m1/$1 && diff -r /tmp/tree /m2/$1/tree && rm -r /m1/$1`,
  "8 writers, read by the other client": `
    mkdir /m1/$1
    for i in $(seq 8); do (head -c 1000000 /dev/urandom | tee /m1/$1/p$i | md5sum > /tmp/sum$i) & done; wait
    for i in $(seq 8); do (md5sum < /m2/$1/p$i | cmp - /tmp/sum$i) & done; wait; rm -r /m1/$1`,
  "both count under one lock": `
    echo 0 > /m1/$1; touch /m1/$1.lock
    for at in ${MOUNTS.join(" ")}; do
      (for i in $(seq 20); do flock $at/$1.lock sh -c "n=\\$(cat $at/$1); echo \\$((n + 1)) > $at/$1"; done) &
    done; wait
    n=$(cat /m1/$1); test "$n" = 40 || echo "counted to $n"; rm /m1/$1 /m1/$1.lock`,
  "rename back and forth, in one directory": `
    mkdir /m1/$1
    for at in ${MOUNTS.join(" ")}; do
      (f=$at/$1/f$(basename $at); echo x > $f; for i in $(seq 25); do mv $f $f.new && mv $f.new $f || echo "lost at $i"; done) &
    done; wait
    test "$(ls /m1/$1 | tr '\\n' ' ')" = "fm1 fm2 " || ls /m1/$1; rm -r /m1/$1`,
};

/** Works on both mounts of a guest for so long; tells what was done, what went wrong, and the server's memory each minute. */
export async function workOnMounts(minutes: number, tell: (line: string) => void): Promise<void> {
  const served = await ServedGuest.start(minutes * 60 + CYCLE_SECONDS_MAX + SPARE_SECONDS);
  try {
    const mounted = await served.mount();
    if (mounted.status !== 0) throw new Error(`the guest cannot mount: ${mounted.output}`);
    await served.run(
      "for i in $(seq 10); do mkdir -p /tmp/tree/d$i; for j in $(seq 30); do echo $i $j > /tmp/tree/d$i/f$j; done; done",
    );
    await cycles(served, minutes, tell);
    const unmounted = await served.run(`umount ${MOUNTS.join(" ")}`);
    tell(unmounted.status === 0 ? "unmounted" : `umount: ${unmounted.output}`);
  } finally {
    await served.stop();
    tell(served.log.trim());
  }
}

async function cycles(served: ServedGuest, minutes: number, tell: (line: string) => void): Promise<void> {
  const startedAt = performance.now();
  const minutesGone = () => (performance.now() - startedAt) / 60_000;
  const done = new Map<string, number>();
  let errors = 0;
  for (let minute = 0, cycle = 1; minutesGone() < minutes; cycle++) {
    for (const [index, [name, script]] of Object.entries(SCRIPTS).entries()) {
      const { status, output } = await served.run(`set -- cycle-${cycle}-${index}\n${script}`, CYCLE_SECONDS_MAX);
      if (status === 0 && output === "") done.set(name, (done.get(name) ?? 0) + 1);
      else {
        errors++;
        tell(`cycle ${cycle}: ${name}: status ${status}: ${output.slice(0, 500)}`);
      }
    }
    if (minutesGone() < minute) continue;
    minute = Math.floor(minutesGone()) + 1;
    tell(
      `${minutesGone().toFixed(1)} min: ${cycle} cycles, server ${(figuresOf(served.pid).residentKilobytes / 1000).toFixed(0)} MB`,
    );
  }
  for (const [name, times] of done) tell(`${times} x ${name}`);
  tell(`${errors} errors`);
}
