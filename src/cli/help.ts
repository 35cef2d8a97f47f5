/** What follows the list of commands. */
export const PROGRAM_HELP = `
Examples:
  slotshark analyze nfs.pcap             who broke which session rule, and where
  slotshark analyze -T json *.pcap | jq '.findings[]'
  slotshark explain seq-gap              what a rule means and what to do
  slotshark rules --family slots         which rules there are
  slotshark probe nfs.example.com --export /scratch
                                         how a server treats its slots
  slotshark serve                        a server to try all this on

Capture what is needed, in the smallest form that works:
  tcpdump -i any -s 512 -w nfs.pcap tcp port 2049

Exit status: 0 done, 1 a finding at or above --fail-on, 2 something could not be done.`;

export const ANALYZE_HELP = `
Captures: pcap and pcapng, plain or packed by gzip, zstd or lz4; several are merged by time.
A capture that begins or ends in the middle, or lost packets, is fine.
Large packed captures are unpacked in threads of their own; the report does not depend on --jobs.

Examples:
  slotshark analyze nfs.pcap
  slotshark analyze --fail-on error -T json nfs.pcap.gz > report.json
  slotshark analyze --not-rule slot-not-lowest,tcp-* nfs.pcap
  tcpdump -i any -s 512 -w - tcp port 2049 | slotshark analyze -`;

export const RULES_HELP = `
Examples:
  slotshark rules --family slots
  slotshark rules --severity error --fault server
  slotshark rules --format json | jq length`;

export const EXPLAIN_HELP = `
Without an id all rules are listed. Of a rule that the server of \`slotshark serve\` can break, it also says how, and which
probes notice.

Examples:
  slotshark explain seq-gap
  slotshark explain first-zero
  slotshark explain --faults`;

export const SERVE_HELP = `
Files live in memory and are gone when the server ends. It listens on this machine only unless --listen says otherwise;
who reaches it may do everything: AUTH_SYS proves nothing.

Signals: SIGTERM ends what runs and stops; SIGUSR2 restarts the server within the process: files are kept, sessions,
client IDs and locks are gone, and clients known before may reclaim what they held.

Examples:
  slotshark serve --lease 20
  mount -t nfs -o vers=4.1,port=20490 127.0.0.1:/ /mnt
  slotshark serve --fault seq-error-moved-slot     with a fault for clients and probes to find
  slotshark explain seq-error-moved-slot           what that fault does`;

export const PROBE_HELP = `
Each probe has a client of its own and leaves nothing behind. Probes that create files do so in a directory of their own
below --export, which they remove; without --export they are skipped. Probes that take long or disturb others (lease,
restart) only run when named. Do not probe a server that others rely on.

Examples:
  slotshark probe nfs.example.com --export /scratch
  slotshark probe 127.0.0.1:20490 --probe retries,first-zero
  slotshark probe nfs.example.com --format junit > probes.xml
  slotshark probe nfs.example.com --write-capture probes.pcapng && slotshark analyze probes.pcapng
  slotshark probe --list`;
