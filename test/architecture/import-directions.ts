import { builtinModules } from 'node:module'
import path from 'node:path'
import ts from 'typescript'
import { lineAt, type Finding, type SourceFile } from './source-files.ts'

/** What every product has in common; the products themselves and their registry are not in it. */
const contract = ['systems/system.ts', 'systems/option.ts']

/**
 * Which part of `src` may import which, besides itself. A part is a folder or a file of `src`; `anything` is for the
 * outermost parts, which nobody imports.
 */
const allowedImports: Readonly<Record<string, readonly string[] | 'anything'>> = {
  history: [],
  simulation: ['history'],
  systems: ['simulation', 'history'],
  application: [...contract, 'simulation', 'history'],
  checks: ['history'],
  metrics: ['history'],
  scenario: ['systems', 'application', 'simulation', 'checks', 'metrics'],
  'run.ts': ['pipeline', 'history', 'simulation', 'systems', 'application', 'checks', 'metrics', 'scenario'],
  pipeline: ['run.ts', 'history', 'simulation', 'systems', 'application', 'checks', 'metrics', 'scenario'],
  report: ['run.ts', 'pipeline', 'history', 'checks', 'metrics'],
  exploration: [
    'run.ts',
    'pipeline',
    'scenario',
    'simulation',
    'systems',
    'application',
    'history',
    'checks',
    'metrics',
    'report',
  ],
  cli: 'anything',
  playground: 'anything',
  testing: 'anything',
  'index.ts': 'anything',
}

/** The parts that may use Node's own modules. */
const touchesTheMachine: ReadonlySet<string> = new Set(['cli', 'testing'])

/** Where an npm package may be imported; a package that is not here may be imported nowhere. */
const allowedPackages: Readonly<Record<string, readonly string[]>> = {
  seedrandom: ['simulation'],
  'fast-check': ['exploration'],
  yaml: ['scenario', 'exploration', 'report', 'cli', 'testing'],
  zod: ['scenario', 'systems', 'application', 'simulation', 'history', 'checks', 'metrics', 'cli', 'testing'],
  'csv-parse': ['scenario', 'application', 'cli'],
  'fastest-levenshtein': ['scenario', 'systems', 'cli'],
  vega: ['report/charts', 'cli'],
  'vega-lite': ['report/charts', 'cli'],
  yargs: ['cli'],
  tinyglobby: ['cli'],
  'cli-progress': ['cli'],
  'cli-table3': ['cli'],
  tinypool: ['exploration', 'cli'],
  '@resvg/resvg-wasm': ['report/charts', 'cli'],
  'dejavu-fonts-ttf': ['cli'],
  'junit-report-builder': ['report', 'cli'],
  'libpg-query': ['testing'],
  'path-to-regexp': ['testing'],
  pg: ['testing'],
  ioredis: ['testing'],
  'redis-parser': ['testing'],
}

/** Every import of the file (static, dynamic, of types, re-export) that goes in a direction that the tables do not name. */
export function forbiddenImports(file: SourceFile): readonly Finding[] {
  return importsOf(file).flatMap(({ specifier, line }) => {
    const problem = problemWith(file.name, specifier)
    return problem === undefined ? [] : [{ file: file.name, line, problem }]
  })
}

function problemWith(importer: string, specifier: string): string | undefined {
  const from = pathInSource(importer)
  if (specifier.startsWith('.')) {
    const to = pathInSource(path.posix.join(path.posix.dirname(importer), specifier))
    return problemBetween(from, to)
  }
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) {
    return touchesTheMachine.has(partOf(from))
      ? undefined
      : `imports ${specifier}: only src/cli and src/testing touch the machine`
  }
  const name = packageOf(specifier)
  const allowed = allowedPackages[name] ?? []
  if (allowed.some((folder) => from.startsWith(`${folder}/`))) return undefined
  return `imports the package ${name}, which belongs in ${allowed.join(', ') || 'no folder yet'}`
}

function problemBetween(from: string, to: string): string | undefined {
  const allowed = allowedImports[partOf(from)]
  if (allowed === undefined) return `is in ${partOf(from)}, which has no place in the table of import directions`
  if (to.startsWith('..')) return `imports ${to}, which is outside of src`
  if (partOf(from) === partOf(to)) return problemBetweenProducts(from, to)
  if (allowedImports[partOf(to)] === 'anything') return `imports ${to}, which nobody may import`
  if (allowed === 'anything' || allowed.includes(partOf(to)) || allowed.includes(to)) return undefined
  return `imports ${to}; ${partOf(from)} may import ${allowed.join(', ') || 'nothing'}`
}

/** A product stands alone: only what all of them share, and their registry, is outside of its folder. */
function problemBetweenProducts(from: string, to: string): string | undefined {
  const [fromProduct, toProduct] = [productOf(from), productOf(to)]
  const apart = fromProduct !== undefined && toProduct !== undefined && fromProduct !== toProduct
  return apart ? `imports ${to}; the product ${fromProduct} may not know the product ${toProduct}` : undefined
}

function importsOf(file: SourceFile): readonly { readonly specifier: string; readonly line: number }[] {
  const found: { specifier: string; line: number }[] = []
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node)
    if (specifier !== undefined) {
      found.push({ specifier: specifier.text, line: lineAt(file.text, specifier.getStart(tree)) })
    }
    ts.forEachChild(node, visit)
  }
  const tree = ts.createSourceFile(file.name, file.text, ts.ScriptTarget.Latest, true)
  visit(tree)
  return found
}

function specifierOf(node: ts.Node): ts.StringLiteralLike | undefined {
  const specifier = candidateOf(node)
  return specifier !== undefined && ts.isStringLiteralLike(specifier) ? specifier : undefined
}

function candidateOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined
  if (ts.isExternalModuleReference(node)) return node.expression
  if (!ts.isCallExpression(node)) return undefined
  const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require'
  return isRequire || node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments[0] : undefined
}

/** `src/checks/no-loss.ts` → `checks/no-loss.ts`. */
function pathInSource(name: string): string {
  return path.posix.relative('src', name)
}

function partOf(name: string): string {
  return name.split('/')[0] ?? name
}

function productOf(name: string): string | undefined {
  const [part, product, inside] = name.split('/')
  return part === 'systems' && inside !== undefined ? product : undefined
}

function packageOf(specifier: string): string {
  const [first, second] = specifier.split('/')
  return specifier.startsWith('@') ? `${first}/${second}` : `${first}`
}
