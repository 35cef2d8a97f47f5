/** What follows the list of commands. */
export const PROGRAM_HELP = `
Examples:
  slotshark analyze nfs.pcap             who broke which session rule, and where
  slotshark analyze -T json *.pcap | jq '.findings[]'
  slotshark explain seq-gap              what a rule means and what to do
  slotshark rules --family slots         which rules there are

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
Without RULE all rules are listed.

Example:
  slotshark explain seq-gap`;
