import { SocketError } from "../sys/sockets.ts";
import { Bench } from "./bench.ts";
import type { Probe, Verdict } from "./probe.ts";
import { Recorder } from "./recorder.ts";
import type { ProbeResult } from "./result.ts";
import type { ProbeSettings } from "./settings.ts";
import { Stop } from "./stop.ts";

/** How long giving back may take after a probe. */
const CLEAN_UP_MILLIS_MAX = 30_000;

interface Ending {
  readonly verdict: Verdict;
  readonly reason: string;
}

/** Runs probes one after the other; a result comes as soon as it is there. */
export async function* runProbes(probes: readonly Probe[], settings: ProbeSettings): AsyncGenerator<ProbeResult> {
  const { timers, runMillisMax } = settings;
  const startNanos = timers.nowNanos();
  for (const probe of probes) {
    const isLate = timers.nowNanos() - startNanos > runMillisMax * 1e6;
    yield isLate ? notRun(probe, `the run took longer than ${runMillisMax} ms`) : await runProbe(probe, settings);
  }
}

/** Runs one probe. Never throws: whatever goes wrong is in the result. */
export async function runProbe(probe: Probe, settings: ProbeSettings): Promise<ProbeResult> {
  if (probe.writes === true && settings.exportPath === null) return notRun(probe, "there is no export to write to");
  settings.remark?.(`${probe.id}: ${probe.title}`);
  const recorder = new Recorder(settings.timers);
  const bench = new Bench(probe, settings, recorder);
  const millisMax = Math.max(settings.probeMillisMax, probe.millisMax ?? 0);
  const ending = await within(settings, millisMax, endingOf(probe, bench, recorder));
  if (ending === null) bench.breakOff();
  recorder.isOver = true;
  const lost = recorder.lostAnswers > 0 ? await whyUnreachable(settings) : null;
  const { verdict, reason } = lost ?? ending ?? inconclusive(`not over after ${millisMax} ms`);
  const { elapsedMillis } = recorder;
  // Before the clean-up, so that it stands among the probe's own packets.
  settings.remark?.(`${probe.id}: ${verdict}${reason === "" ? "" : `, ${reason}`}`);
  if (
    (await within(
      settings,
      CLEAN_UP_MILLIS_MAX,
      bench.cleanUp().then(() => true),
    )) === null
  ) {
    recorder.note(`cleaning up was not over after ${CLEAN_UP_MILLIS_MAX} ms`);
    bench.breakOff();
  }
  return { probe, verdict, reason, steps: recorder.steps, elapsedMillis };
}

async function endingOf(probe: Probe, bench: Bench, recorder: Recorder): Promise<Ending> {
  try {
    await probe.run(bench);
    const { verdict } = recorder;
    return verdict === null ? inconclusive("nothing was checked") : { verdict, reason: recorder.reason };
  } catch (error) {
    if (error instanceof Stop) return stopped(error, recorder);
    if (error instanceof SocketError)
      return { verdict: "inconclusive", reason: `the server is lost: ${error.message}` };
    return { verdict: "inconclusive", reason: `the probe itself failed: ${String(error)}` };
  }
}

function inconclusive(reason: string): Ending {
  return { verdict: "inconclusive", reason };
}

/** Answers that never came say nothing when the server is gone. Null while it takes connections. */
async function whyUnreachable({ connect }: ProbeSettings): Promise<Ending | null> {
  try {
    const channel = await connect();
    channel.open({ received: () => {}, closed: () => {} });
    channel.end();
    return null;
  } catch (error) {
    if (error instanceof SocketError) return inconclusive(`the server is lost: ${error.message}`);
    throw error;
  }
}

/** What was found before a probe stopped still counts when it is worse. */
function stopped({ verdict, message }: Stop, recorder: Recorder): Ending {
  if (recorder.verdict === "deviates") return { verdict: "deviates", reason: recorder.reason };
  return { verdict, reason: message };
}

function notRun(probe: Probe, reason: string): ProbeResult {
  return { probe, verdict: "skipped", reason, steps: [], elapsedMillis: 0 };
}

/** Null when it takes longer. */
function within<T>({ timers }: ProbeSettings, millis: number, work: Promise<T>): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const cancel = timers.after(millis, () => resolve(null));
    work.then(resolve, reject).finally(cancel);
  });
}
