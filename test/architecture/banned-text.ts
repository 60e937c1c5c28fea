import ts from 'typescript'
import { lineAt, type Finding, type SourceFile } from './source-files.ts'

/** Text that may not stand in some files, and what to write instead; only for what the linter cannot say. */
export interface Ban {
  readonly name: string
  /** Must have the flag `g`. */
  readonly pattern: RegExp
  /** `code` looks past comments and strings, `everything` does not. */
  readonly within: 'code' | 'everything'
  readonly appliesTo: (file: string) => boolean
  readonly instead: string
  /** A file and a text that the ban must find, and one beside it that it must let pass. */
  readonly sample: { readonly file: string; readonly bad: string; readonly good: string }
}

const isPure = (file: string): boolean => !/^src\/(cli|playground|testing)\//.test(file)

const isSynchronous = (file: string): boolean =>
  /^src\/(history|simulation|systems|checks|metrics|scenario)\//.test(file)

const mayNameProducts = (file: string): boolean => /^src\/(systems|testing)\//.test(file)

export const bans: readonly Ban[] = [
  {
    name: 'locale functions',
    pattern: /\.(toLocale\w*|localeCompare)\b/g,
    within: 'code',
    appliesTo: isPure,
    instead: 'compare with < and >, and format numbers without a locale',
    sample: {
      file: 'src/report/text.ts',
      bad: 'names.sort((a, b) => a.localeCompare(b))',
      good: '// a.localeCompare(b)',
    },
  },
  {
    name: 'powers other than of two',
    pattern: /(?<!(?<![\w.)\]])2\s*)\*\*=?|\*\*=?(?=\s*\d*\.\d)/g,
    within: 'code',
    appliesTo: isPure,
    instead: 'engines round powers differently: multiply, shift, or use an integer table',
    sample: {
      file: 'src/metrics/latency.ts',
      bad: 'const x = base ** n',
      good: '/** x ** y */ const z = 2 ** n // x ** y',
    },
  },
  {
    name: 'functions of Math under another name',
    pattern: /\bMath\s*(\[|[^\s.[])|=\s*Math\b(?!\s*\.)/g,
    within: 'code',
    appliesTo: isPure,
    instead: 'call the function as Math.name(...), so that the linter sees which one it is',
    sample: { file: 'src/checks/rate.ts', bad: 'const { log } = Math\n', good: 'const most = Math.max(a, b)' },
  },
  {
    name: 'the global object',
    pattern: /\bglobalThis\b/g,
    within: 'code',
    appliesTo: isPure,
    instead: 'pass the value in',
    sample: { file: 'src/simulation/clock.ts', bad: 'const now = globalThis[name]', good: 'const now = clock[name]' },
  },
  {
    name: 'promises',
    pattern: /\bawait\b|\basync\b(?=\s*(function|\(|\w+\s*=>|\w+\s*\())|\bnew Promise\b|\bPromise\s*\./g,
    within: 'code',
    appliesTo: isSynchronous,
    instead: 'the machine is synchronous; only the bridge to the code of users knows promises',
    sample: {
      file: 'src/systems/system.ts',
      bad: 'const answer = await send(request)',
      good: 'const mode = { async: true }',
    },
  },
  {
    name: 'where the file lies',
    pattern: /\bimport\s*\.\s*meta\b/g,
    within: 'code',
    appliesTo: isPure,
    instead: 'pass the text in: only src/cli knows files',
    sample: {
      file: 'src/report/page.ts',
      bad: 'new URL("page.css", import.meta.url)',
      good: 'import { meta } from "./meta.ts"',
    },
  },
  {
    name: 'iteration in for-in order',
    pattern: /\bfor\s*\(\s*(const|let)\s+\w+\s+in\b/g,
    within: 'code',
    appliesTo: isPure,
    instead: 'walk an array, a Map or Object.entries, whose order the code decides',
    sample: { file: 'src/checks/order.ts', bad: 'for (const key in counts) {}', good: 'for (const key of keys) {}' },
  },
  {
    name: 'casts through unknown',
    pattern: /\bas\s+unknown\s+as\b/g,
    within: 'code',
    appliesTo: () => true,
    instead: 'parse or narrow the value, or mend the type',
    sample: {
      file: 'src/cli/run.ts',
      bad: 'const run = value as unknown as Run',
      good: 'const value = text as unknown',
    },
  },
  {
    name: 'silenced tools',
    pattern: /@ts-(ignore|expect-error|nocheck)|\b(oxlint|eslint)-disable|\bv8 ignore\b|\boxfmt-ignore\b/g,
    within: 'everything',
    appliesTo: () => true,
    instead: 'mend what the tool found, or change its rule for everybody with a reason',
    sample: { file: 'src/index.ts', bad: '// @ts-expect-error later', good: '// expects an error' },
  },
  {
    name: 'names of products',
    pattern:
      /((?<![A-Za-z])(kafka|rabbitmq|redis|sqs|kinesis)|Kafka|RabbitMQ|Rabbitmq|RabbitMq|Redis|SQS|Sqs|Kinesis|KAFKA|RABBITMQ|REDIS|KINESIS)(?![a-z])/g,
    within: 'everything',
    appliesTo: (file) => !mayNameProducts(file),
    instead: 'say it in neutral words, or let the product bring it as data from src/systems',
    sample: {
      file: 'src/checks/no-loss.ts',
      bad: 'if (options.kafkaVersion) {}',
      good: '// redistributes; rediscovered',
    },
  },
]

/** The places in the file where the ban is broken. */
export function banned(ban: Ban, file: SourceFile): readonly Finding[] {
  if (!ban.appliesTo(file.name)) return []
  const text = ban.within === 'code' ? codeAlone(file) : file.text
  return [...text.matchAll(ban.pattern)].map((match) => ({
    file: file.name,
    line: lineAt(file.text, match.index),
    problem: `${JSON.stringify(match[0])}: ${ban.instead}`,
  }))
}

/** The text with comments and the contents of strings blanked, every other character in its place. */
export function codeAlone(file: SourceFile): string {
  const known = codeOf.get(file)
  if (known !== undefined) return known
  const code = withoutProse(file)
  codeOf.set(file, code)
  return code
}

/** Every ban reads every file, and parsing is what takes the time. */
const codeOf = new WeakMap<SourceFile, string>()

function withoutProse(file: SourceFile): string {
  const tree = ts.createSourceFile(file.name, file.text, ts.ScriptTarget.Latest, true)
  const parts: string[] = []
  let end = 0
  const keep = (node: ts.Node): void => {
    const children = node.getChildren(tree).filter((child) => !ts.isJSDoc(child))
    if (children.length > 0) return children.forEach(keep)
    const start = node.getStart(tree, false)
    const text = file.text.slice(start, node.end)
    parts.push(blanked(file.text.slice(end, start)), isProse(node) ? blanked(text) : text)
    end = node.end
  }
  keep(tree)
  return parts.join('')
}

function isProse(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)
}

function blanked(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ')
}
