import { Command, CommanderError } from "commander";
import { VERSION } from "../report/tool.ts";
import { OwnRuleError } from "../rules/own-rules.ts";
import { InputError } from "../sys/input-error.ts";
import { systemTerminal, type Terminal } from "../sys/terminal.ts";
import { escapeText } from "../text/escape.ts";
import { analyzeCommand } from "./analyze.ts";
import { EXIT } from "./exit-status.ts";
import { explain } from "./explain.ts";
import { ANALYZE_HELP, EXPLAIN_HELP, PROBE_HELP, PROGRAM_HELP, RULES_HELP, SERVE_HELP } from "./help.ts";
import {
  type AnalyzeFlags,
  addAnalyzeOptions,
  addExplainOptions,
  addRulesOptions,
  type ExplainFlags,
  type RulesFlags,
} from "./options.ts";
import { addProbeOptions, type ProbeFlags } from "./probe-options.ts";
import { rulesCommand } from "./rules.ts";
import { addServeOptions, type ServeFlags } from "./serve-options.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Runs slotshark with these arguments; resolves to the exit status. Nothing is ever thrown.
 * `threadScript` is reading-thread.ts as Node can run it; without it there is one thread only.
 */
export async function main(
  argv: readonly string[],
  terminal: Terminal = systemTerminal(),
  threadScript: string | null = null,
): Promise<number> {
  terminal.onCrash((error) => void complain(terminal, internal(error)).then(() => terminal.exit(EXIT.failed)));
  // Commander prints synchronously; what it says is kept and written in our way.
  let said = "";
  let status: number = EXIT.done;
  const program = buildProgram(terminal, threadScript, (result) => {
    status = result;
  });
  const listen = {
    writeOut: (text: string) => (said += text),
    writeErr: (text: string) => (said += text),
    outputError: () => {},
  };
  for (const command of [program, ...program.commands]) command.exitOverride().configureOutput(listen);
  try {
    await program.parseAsync(argv, { from: "user" });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      await complain(terminal, describe(error));
      return EXIT.failed;
    }
    const isAsked = error.exitCode === 0;
    if (said !== "") await (isAsked ? terminal.stdout : terminal.stderr).write(said);
    else await complain(terminal, usageText(error, argv));
    return isAsked ? EXIT.done : EXIT.failed;
  }
}

function buildProgram(terminal: Terminal, threadScript: string | null, finish: (status: number) => void): Command {
  const program = new Command("slotshark")
    .description("Wireshark for NFSv4.1 sessions: who broke which slot rule, with frame numbers")
    .version(VERSION, "-V, --version")
    .helpCommand(true)
    .addHelpText("after", PROGRAM_HELP);
  const analyze = program
    .command("analyze")
    .description("rebuild sessions and slots from captures and flag misuse")
    .argument("[captures...]", "capture files, - for standard input")
    .addHelpText("after", ANALYZE_HELP)
    .action(async (captures: string[], options: AnalyzeFlags) =>
      finish(await analyzeCommand(captures, options, terminal, threadScript)),
    );
  addAnalyzeOptions(analyze);
  const explaining = program
    .command("explain")
    .description("what a rule or a probe means, why it matters, what to do")
    .argument("[id]", "of a rule or a probe")
    .addHelpText("after", EXPLAIN_HELP)
    .action(async (id: string | undefined, options: ExplainFlags) => finish(await explain(id, options, terminal)));
  addExplainOptions(explaining);
  const listing = program
    .command("rules")
    .description("the catalogue of rules, for people and programs")
    .addHelpText("after", RULES_HELP)
    .action(async (options: RulesFlags) => finish(await rulesCommand(options, terminal)));
  addRulesOptions(listing);
  addLiveCommands(program, terminal, finish);
  return program;
}

/** The commands that talk to others. Their code is looked at only when they are called: an analysis has no use for it. */
function addLiveCommands(program: Command, terminal: Terminal, finish: (status: number) => void): void {
  const serving = program
    .command("serve")
    .description("an NFSv4.1 and 4.2 server in memory, healthy or misbehaving on purpose")
    .addHelpText("after", SERVE_HELP)
    .action(async (options: ServeFlags) => {
      const { serveCommand } = await import("./serve.ts");
      finish(await serveCommand(options, terminal));
    });
  addServeOptions(serving);
  const probing = program
    .command("probe")
    .description("check how a live server treats its sessions and slots")
    .argument("[server]", "HOST or HOST:PORT")
    .addHelpText("after", PROBE_HELP)
    .action(async (server: string | undefined, options: ProbeFlags) => {
      const { probeCommand } = await import("./probe.ts");
      finish(await probeCommand(server, options, terminal));
    });
  addProbeOptions(probing);
}

function describe(error: unknown): string {
  if (error instanceof UsageError || error instanceof OwnRuleError) return error.message;
  if (error instanceof InputError) return error.message;
  return internal(error);
}

function internal(error: unknown): string {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `internal error, please report it with the command and, if you can, the capture: ${what}`;
}

/** Commander's complaint on one line; a capture in the place of a command gets the command named. */
function usageText(error: CommanderError, argv: readonly string[]): string {
  const text = error.message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
  const [first] = argv;
  if (error.code === "commander.unknownCommand" && first !== undefined && !text.includes("Did you mean")) {
    return `there is no command ${first}; to analyze a capture: slotshark analyze ${first}`;
  }
  return `${text} (slotshark --help tells more)`;
}

async function complain({ stderr }: Terminal, message: string): Promise<void> {
  await stderr.write(`slotshark: ${escapeText(message)}\n`);
}
