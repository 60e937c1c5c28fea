import { scalarTypes } from '../../datatype.ts'
import { isSame } from '../../value.ts'
import type { SqlFunction } from './sql-function.ts'
import { define, listOf, numberOf } from './sql-function.ts'

const series = define('generate_series', ['int4', 'int4'], 'int4[]', ([from, to]) =>
  Array.from({ length: Math.max(0, numberOf(to) - numberOf(from) + 1) }, (_, index) => numberOf(from) + index),
)

const perType: readonly SqlFunction[] = scalarTypes.flatMap((type) => {
  const list = `${type}[]` as const
  return [
    define('||', [list, list], list, ([one, other]) => [...listOf(one), ...listOf(other)]),
    define('array_append', [list, type], list, ([items, item = null]) => [...listOf(items ?? []), item], true),
    define('array_length', [list, 'int4'], 'int4', ([items, dimension]) =>
      numberOf(dimension) === 1 && listOf(items).length > 0 ? listOf(items).length : null,
    ),
    define('cardinality', [list], 'int4', ([items]) => listOf(items).length),
    define('@>', [list, list], 'bool', ([whole, part]) =>
      listOf(part).every((each) => each !== null && listOf(whole).some((found) => isSame(found, each))),
    ),
    define('&&', [list, list], 'bool', ([one, other]) =>
      listOf(one).some((each) => each !== null && listOf(other).some((found) => isSame(found, each))),
    ),
    define('item', [list, 'int4'], type, ([items, place]) => listOf(items)[numberOf(place) - 1] ?? null),
  ]
})

export const listFunctions: readonly SqlFunction[] = [...perType, series]
