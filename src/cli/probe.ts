import { CaptureTap } from "../probe/capture-tap.ts";
import { probeFamilies, probes } from "../probe/index.ts";
import type { ProbeReport, ProbeRun } from "../probe/probe-report.ts";
import { probeJson } from "../probe/report-json.ts";
import { probeJunit } from "../probe/report-junit.ts";
import { type ProbeTextOptions, probeClosing, probeHeading, probeLine } from "../probe/report-text.ts";
import type { ProbeResult } from "../probe/result.ts";
import { runProbes } from "../probe/run-probes.ts";
import { PROBE_LIMITS, type ProbeSettings, type ProbeUser } from "../probe/settings.ts";
import { TOOL } from "../report/tool.ts";
import type { ByteChannel } from "../sys/byte-channel.ts";
import { processUser } from "../sys/process-user.ts";
import { seededRandom, systemRandom } from "../sys/random.ts";
import { reservedPortConnector } from "../sys/reserved-port.ts";
import { connect, type Endpoint, endpointText, SocketError } from "../sys/sockets.ts";
import type { Terminal } from "../sys/terminal.ts";
import { systemTimers } from "../sys/timers.ts";
import { escapeText } from "../text/escape.ts";
import { captureFile } from "./capture-file.ts";
import { chooseProbes } from "./choose-probes.ts";
import { endpointFrom } from "./endpoint.ts";
import { EXIT } from "./exit-status.ts";
import { isColored } from "./options.ts";
import { probeListText } from "./probe-list.ts";
import type { FailOn, ProbeFlags } from "./probe-options.ts";
import { UsageError } from "./usage-error.ts";

const NFS_PORT = 2049;
const MILLIS_PER_SECOND = 1000;
/** Added to the user's numbers it gives somebody else: no server squashes these two to one, unless it squashes all. */
const OTHER_USER = 1001;

/** `slotshark probe HOST[:PORT]` */
export async function probeCommand(target: string | undefined, flags: ProbeFlags, terminal: Terminal): Promise<number> {
  const { stdout, stderr } = terminal;
  const options = { width: stdout.columns, isColored: isColored(flags.color, terminal) };
  const chosen = chooseProbes(flags.probe);
  if (flags.list || flags.dryRun) {
    const listed = flags.list === true && flags.probe === undefined ? probes : chosen;
    await stdout.write(probeListText(listed, flags.export !== undefined, options));
    return EXIT.done;
  }
  if (target === undefined) throw new UsageError("name a server: slotshark probe HOST[:PORT]");
  const endpoint = endpointFrom(target, { port: NFS_PORT });
  const user = userOf(flags.user);
  const capture = flags.writeCapture === undefined ? null : captureFile(flags.writeCapture);
  const tap = capture === null ? undefined : new CaptureTap(capture, TOOL, `probes of ${endpointText(endpoint)}`);
  const stop = { isAsked: false };
  const off = terminal.onInterrupt((count) => {
    stop.isAsked = true;
    if (count > 1) terminal.exit(EXIT.interrupted);
  });
  try {
    await requireServer(endpoint, flags);
    const runs: ProbeRun[] = [];
    const idColumns = Math.max(...chosen.map(({ id }) => id.length));
    for (const minorVersion of flags.minor) {
      const results: ProbeResult[] = [];
      runs.push({ minorVersion, results });
      if (flags.format === "text") await stdout.write(probeHeading(endpointText(endpoint), minorVersion, options));
      for await (const result of runProbes(chosen, settingsOf({ endpoint, minorVersion, user, tap }, flags))) {
        results.push(result);
        if (flags.format === "text") await stdout.write(probeLine(result, idColumns, options));
        if (stop.isAsked || !stdout.isOpen) break;
      }
    }
    const report = { tool: TOOL, server: endpointText(endpoint), families: probeFamilies, runs };
    for (const piece of piecesOf(report, flags.format, options)) await stdout.write(piece);
    return runs.some(({ results }) => results.some((result) => fails(result, flags.failOn))) ? EXIT.found : EXIT.done;
  } finally {
    off();
    const failure = capture?.close() ?? null;
    if (failure !== null) await stderr.write(`slotshark: ${escapeText(`${flags.writeCapture}: ${failure}`)}\n`);
  }
}

function piecesOf(report: ProbeReport, format: ProbeFlags["format"], options: ProbeTextOptions): Iterable<string> {
  if (format === "json") return probeJson(report);
  if (format === "junit") return probeJunit(report);
  return [probeClosing(report, options)];
}

function fails({ verdict }: ProbeResult, failOn: FailOn): boolean {
  if (failOn === "never") return false;
  return verdict === "deviates" || (failOn === "inconclusive" && verdict === "inconclusive");
}

interface Target {
  readonly endpoint: Endpoint;
  readonly minorVersion: number;
  readonly user: ProbeUser;
  readonly tap: CaptureTap | undefined;
}

function settingsOf({ endpoint, minorVersion, user, tap }: Target, flags: ProbeFlags): ProbeSettings {
  return {
    connect: connectorOf(endpoint, flags),
    timers: systemTimers,
    random: flags.seed === undefined ? systemRandom : seededRandom(flags.seed),
    minorVersion,
    user,
    otherUser: { uid: user.uid + OTHER_USER, gid: user.gid + OTHER_USER },
    exportPath: flags.export === undefined ? null : flags.export.split("/").filter((name) => name !== ""),
    callMillisMax: Math.min(PROBE_LIMITS.callMillisMax, flags.timeLimit * MILLIS_PER_SECOND),
    probeMillisMax: flags.timeLimit * MILLIS_PER_SECOND,
    runMillisMax: flags.runLimit * MILLIS_PER_SECOND,
    tap,
    remark: (text) => tap?.comment(text),
  };
}

function connectorOf(endpoint: Endpoint, { resvport }: ProbeFlags): () => Promise<ByteChannel> {
  return resvport ? reservedPortConnector(endpoint) : () => connect(endpoint);
}

/** An address where nobody answers is no server that deviates. */
async function requireServer(endpoint: Endpoint, flags: ProbeFlags): Promise<void> {
  try {
    const channel = await connectorOf(endpoint, flags)();
    channel.open({ received: () => {}, closed: () => {} });
    channel.end();
  } catch (error) {
    if (error instanceof SocketError) throw new UsageError(error.message);
    throw error;
  }
}

function userOf(text: string | undefined): ProbeUser {
  if (text === undefined) return processUser();
  const [, uid, gid] = /^(\d{1,10}):(\d{1,10})$/.exec(text) ?? [];
  if (uid === undefined || gid === undefined)
    throw new UsageError(`--user takes numbers, as in 1000:1000, not ${text}`);
  return { uid: Number(uid), gid: Number(gid) };
}
