/** Words of the fore channel and what takes their place on the other. RFC 8881 §20.9 */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\bSEQUENCE(s?)\b/g, "CB_SEQUENCE$1"],
  [/\bCOMPOUND\b/g, "CB_COMPOUND"],
  [/\b(sa|sr)_(?=[a-z])/g, "c$1_"],
];

const OTHER_PARTY: Readonly<Record<string, string>> = {
  client: "server",
  server: "client",
  Client: "Server",
  Server: "Client",
};

/** Where the RFC says the same of callbacks. */
const SECTIONS: Readonly<Record<string, string>> = {
  "15.2": "15.3",
  "16.2.3": "19.2.3",
  "16.2.4": "19.2.5",
  "18.46.3": "20.9.3",
  "2.10.13.1.2": "2.10.13.2.4",
};

/** A text about the fore channel, told of callbacks: there the server asks and the client answers. */
export function onBackChannel(text: string): string {
  let told = text.replace(/\b([Cc]lient|[Ss]erver)(?=('s|s)?\b)/g, (party) => OTHER_PARTY[party]!);
  for (const [word, other] of WORDS) told = told.replace(word, other);
  return told;
}

export function sectionsOnBackChannel(rfc: string): string {
  return rfc.replace(/\d+(\.\d+)+/g, (section) => SECTIONS[section] ?? section);
}
