import * as fc from 'fast-check'
import type { Condition, Expression, Value } from '../../../../../src/application/stores/database/expression.ts'
import {
  and,
  column,
  compare,
  excluded,
  literal,
  plus,
  where,
} from '../../../../../src/application/stores/database/expression.ts'
import type {
  Isolation,
  OnConflict,
  Row,
  RowLocking,
  Statement,
  TableDefinition,
} from '../../../../../src/application/stores/database/statement.ts'

/** What is executed by which of the sessions; left out where the session is still waiting. */
export interface Step {
  readonly session: number
  readonly statement: Statement
}

/** Rows that are there, then what the sessions do in turn. */
export interface Plan {
  readonly rows: readonly Row[]
  readonly steps: readonly Step[]
}

export const sessionCount = 3

/** A table with two unique keys, and one without any. */
export const tables: readonly TableDefinition[] = [
  {
    name: 'c',
    columns: [
      { name: 'id', type: 'integer' },
      { name: 'u', type: 'integer' },
      { name: 'n', type: 'integer' },
    ],
    primaryKey: ['id'],
    uniqueKeys: [['u']],
  },
  {
    name: 'p',
    columns: [
      { name: 'number', type: 'integer', default: 'serial' },
      { name: 'id', type: 'integer' },
      { name: 'n', type: 'integer' },
    ],
    primaryKey: [],
    uniqueKeys: [],
  },
]

const id = fc.constantFrom(1, 1, 1, 2, 2, 3, 4)
const unique = fc.constantFrom<Value>(null, null, null, null, null, 1, 2, 3, 6, 7, 8)
const small = fc.nat(2)
const table = fc.constantFrom('c', 'c', 'c', 'c', 'p')

const sometimes = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })

const condition = (name: string): fc.Arbitrary<Condition | undefined> =>
  fc.oneof(
    { weight: 8, arbitrary: id.map((value) => where('id', '=', value)) },
    { weight: 2, arbitrary: fc.tuple(id, small).map(([value, n]) => and(where('id', '=', value), where('n', '<', n))) },
    { weight: name === 'c' ? 2 : 0, arbitrary: unique.map((value) => where('u', '=', value)) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom('=' as const, '<' as const, '>=' as const, '<>' as const), small)
        .map(([operator, n]) => where('n', operator, n)),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(id, id)
        .map(([one, other]): Condition => ({ kind: 'in', item: column('id'), list: [literal(one), literal(other)] })),
    },
    { weight: 1, arbitrary: small.map((n): Condition => ({ kind: 'not', part: where('n', '=', n) })) },
    { weight: name === 'c' ? 1 : 0, arbitrary: fc.constant<Condition>({ kind: 'is-null', item: column('u') }) },
    { weight: 2, arbitrary: fc.constant(undefined) },
  )

const lock: fc.Arbitrary<RowLocking> = fc.record({
  strength: fc.constantFrom('update', 'update', 'update', 'no key update', 'share', 'share', 'key share'),
  otherwise: fc.constantFrom('wait', 'wait', 'wait', 'nowait', 'skip locked'),
})

const select: fc.Arbitrary<Statement> = table.chain((from) =>
  fc
    .record({
      where: condition(from),
      lock: fc.oneof(fc.constant(undefined), lock),
      limit: sometimes(fc.constantFrom(1, 2)),
      order: sometimes(
        fc.tuple(fc.constantFrom('id', 'n'), fc.constantFrom('ascending' as const, 'descending' as const)),
      ),
      count: fc.constantFrom(false, false, false, false, true),
    })
    .map(({ where: meant, lock: taken, limit, order, count }): Statement => {
      const base = { kind: 'select' as const, from, ...(meant === undefined ? {} : { where: meant }) }
      if (count)
        return {
          ...base,
          columns: {
            aggregates: {
              rows: { kind: 'count' },
              sum: { kind: 'sum', of: column('n') },
              most: { kind: 'max', of: column('n') },
            },
          },
        }
      return {
        ...base,
        ...(taken === undefined ? {} : { lock: taken }),
        ...(limit === undefined ? {} : { limit }),
        ...(order === undefined
          ? {}
          : {
              orderBy: [
                { column: order[0], direction: order[1] },
                { column: 'id', direction: 'ascending' as const },
              ],
            }),
      }
    }),
)

const newId = fc.constantFrom(1, 2, 3, 4, 4, 5, 5, 6, 6, 7, 8, 9)
const row: fc.Arbitrary<Row> = fc.record({ id: newId, u: unique, n: small }, { noNullPrototype: true })

const onConflict: fc.Arbitrary<OnConflict> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<OnConflict>({ action: 'nothing' }) },
  { weight: 2, arbitrary: fc.constantFrom('id', 'u').map((key): OnConflict => ({ action: 'nothing', key: [key] })) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom('id', 'id', 'u'),
        fc.constantFrom<Record<string, Expression>>(
          { n: plus(column('n'), literal(1)) },
          { n: excluded('n') },
          { u: excluded('u') },
          { n: excluded('n'), u: excluded('u') },
        ),
        sometimes(fc.constant<Condition>(compare(column('n'), '<', excluded('n')))),
      )
      .map(([key, set, meant]): OnConflict => ({
        action: 'update',
        key: [key],
        set,
        ...(meant === undefined ? {} : { where: meant }),
      })),
  },
)

const insert: fc.Arbitrary<Statement> = table.chain((into) =>
  fc
    .record({
      rows: fc.array(row, { minLength: 1, maxLength: 2 }),
      conflict: fc.oneof(fc.constant(undefined), onConflict),
      returning: fc.boolean(),
    })
    .map(({ rows, conflict, returning }): Statement => ({
      kind: 'insert',
      into,
      rows: into === 'c' ? rows : rows.map(({ id: key = null, n = null }) => ({ id: key, n })),
      ...(conflict === undefined || into === 'p' ? {} : { onConflict: conflict }),
      ...(returning ? { returning: 'everything' as const } : {}),
    })),
)

const assignments = (name: string): fc.Arbitrary<Record<string, Expression>> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant({ n: plus(column('n'), literal(1)) }) },
    { weight: 2, arbitrary: small.map((n) => ({ n: literal(n) })) },
    { weight: name === 'c' ? 2 : 0, arbitrary: unique.map((value) => ({ u: literal(value) })) },
    { weight: 1, arbitrary: id.map((value) => ({ id: literal(value) })) },
    { weight: 1, arbitrary: fc.constant({ id: plus(column('id'), literal(1)), n: column('id') }) },
  )

const update: fc.Arbitrary<Statement> = table.chain((name) =>
  fc
    .record({ set: assignments(name), meant: condition(name), returning: fc.boolean() })
    .map(({ set, meant, returning }): Statement => ({
      kind: 'update',
      table: name,
      set,
      ...(meant === undefined ? {} : { where: meant }),
      ...(returning ? { returning: 'everything' as const } : {}),
    })),
)

const remove: fc.Arbitrary<Statement> = table.chain((from) =>
  fc.record({ meant: condition(from), returning: fc.boolean() }).map(({ meant, returning }): Statement => ({
    kind: 'delete',
    from,
    ...(meant === undefined ? {} : { where: meant }),
    ...(returning ? { returning: ['id'] } : {}),
  })),
)

const savepoint: fc.Arbitrary<Statement> = fc
  .tuple(
    fc.constantFrom(
      'savepoint' as const,
      'savepoint' as const,
      'release-savepoint' as const,
      'rollback-to-savepoint' as const,
      'rollback-to-savepoint' as const,
    ),
    fc.constantFrom('s', 's', 't'),
  )
  .map(([kind, name]) => ({ kind, name }))

const advisory: fc.Arbitrary<Statement> = fc.record({
  kind: fc.constant('advisory-lock' as const),
  key: fc.constantFrom(1, 1, 2),
  shared: fc.constantFrom(false, false, true),
  try: fc.constantFrom(false, false, true),
})

/** The isolation levels of the transactions of a plan: one, or all. */
const isolations: readonly (readonly Isolation[])[] = [
  ['read committed'],
  ['repeatable read'],
  ['serializable'],
  ['serializable'],
  ['read committed', 'repeatable read', 'serializable'],
]

const begin = (among: readonly Isolation[]): fc.Arbitrary<Statement> =>
  fc.record({
    kind: fc.constant('begin' as const),
    isolation: fc.constantFrom(...among),
    readOnly: fc.constantFrom(...Array.from({ length: 14 }, () => false), true),
  })

/** What a session does in its turn: mostly one statement; after the end of a transaction mostly the begin of the next. */
const turn = (among: readonly Isolation[]): fc.Arbitrary<readonly Statement[]> => {
  const alone = (arbitrary: fc.Arbitrary<Statement>): fc.Arbitrary<readonly Statement[]> =>
    arbitrary.map((statement) => [statement])
  return fc.oneof(
    { weight: 7, arbitrary: alone(select) },
    { weight: 6, arbitrary: alone(insert) },
    { weight: 7, arbitrary: alone(update) },
    { weight: 2, arbitrary: alone(remove) },
    { weight: 1, arbitrary: alone(begin(among)) },
    { weight: 1, arbitrary: alone(fc.constantFrom<Statement>({ kind: 'commit' }, { kind: 'rollback' })) },
    { weight: 1, arbitrary: alone(savepoint) },
    { weight: 1, arbitrary: alone(advisory) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.constantFrom('commit' as const, 'commit' as const, 'rollback' as const), begin(among))
        .map(([kind, next]) => [{ kind }, next]),
    },
  )
}

/** Two sessions in most plans, three in the others; most begin with a transaction each. */
export const plansAt = (levels: readonly (readonly Isolation[])[] = isolations): fc.Arbitrary<Plan> =>
  fc
    .tuple(fc.constantFrom(...levels), fc.constantFrom(2, 2, sessionCount), fc.constantFrom(true, true, false))
    .chain(([among, sessions, together]) =>
      fc.record({
        rows: fc.uniqueArray(row, { minLength: 1, maxLength: 5, size: 'max', selector: ({ id: key }) => key }),
        opening: fc.array(begin(among), { minLength: together ? sessions : 0, maxLength: together ? sessions : 0 }),
        turns: fc.array(fc.tuple(fc.nat(sessions - 1), turn(among)), { minLength: 4, maxLength: 22, size: 'max' }),
      }),
    )
    .map(({ rows, opening, turns }) => ({
      rows: rows.map((each, index) => ({ ...each, u: each['u'] === null ? null : index + 1 })),
      steps: [
        ...opening.map((statement, session) => ({ session, statement })),
        ...turns.flatMap(([session, statements]) => statements.map((statement) => ({ session, statement }))),
      ],
    }))
