/** What Node calls the things that it makes, and what they are to people. Creating one of these leaves the simulation. */
export const realResources: ReadonlyMap<string, string> = new Map([
  ...named('a file', ['FSREQCALLBACK', 'FSREQPROMISE', 'FILEHANDLE', 'FILEHANDLECLOSEREQ', 'DIRHANDLE']),
  ...named('a file that is watched', ['FSEVENTWRAP', 'STATWATCHER']),
  ...named('a socket', ['TCPWRAP', 'TCPCONNECTWRAP', 'TCPSERVERWRAP', 'TLSWRAP', 'UDPWRAP', 'UDPSENDWRAP']),
  ...named('a pipe', ['PIPEWRAP', 'PIPECONNECTWRAP', 'PIPESERVERWRAP']),
  ...named('an HTTP request', ['HTTPCLIENTREQUEST', 'HTTP2SESSION', 'HTTP2STREAM']),
  ...named('the DNS', ['GETADDRINFOREQWRAP', 'GETNAMEINFOREQWRAP', 'QUERYWRAP', 'DNSCHANNEL']),
  ...named('a child process', ['PROCESSWRAP']),
  ...named('a worker thread', ['WORKER']),
  ...named('a message channel', ['MESSAGEPORT']),
  ...named('a real timer', ['Timeout', 'Immediate']),
])

/** Work of threads beside that comes to the same every time: it is waited for, and takes no virtual time. */
export const waitedFor: ReadonlySet<string> = new Set([
  'PBKDF2REQUEST',
  'SCRYPTREQUEST',
  'HKDFREQUEST',
  'HASHREQUEST',
  'CIPHERREQUEST',
  'DERIVEBITSREQUEST',
  'SIGNREQUEST',
  'VERIFYREQUEST',
  'KEYEXPORTREQUEST',
  'KEYGENREQUEST',
  'KEYPAIRGENREQUEST',
  'CHECKPRIMEREQUEST',
  'RANDOMPRIMEREQUEST',
  'RANDOMBYTESREQUEST',
  'BLOBREADER',
  'ZLIB',
])

/** Callbacks that come before anything else can: many in one step are an endless loop. */
export const sameStep: ReadonlySet<string> = new Set(['PROMISE', 'TickObject', 'Microtask'])

function named(what: string, types: readonly string[]): readonly (readonly [string, string])[] {
  return types.map((type) => [type, what] as const)
}
