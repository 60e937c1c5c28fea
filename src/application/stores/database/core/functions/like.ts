import { Failure } from '../failure.ts'

/** The pattern of `like` as a regular expression: `%` for any characters, `_` for one, and a backslash before either of them. */
export function likePattern(pattern: string, ignoresCase: boolean): RegExp {
  let source = ''
  for (let place = 0; place < pattern.length; place++) {
    const character = pattern.charAt(place)
    if (character === '%') source += '.*'
    else if (character === '_') source += '.'
    else if (character === '\\') {
      place++
      if (place === pattern.length) throw new Failure('22025', 'LIKE pattern must not end with escape character')
      source += escaped(pattern.charAt(place))
    } else source += escaped(character)
  }
  return new RegExp(`^${source}$`, ignoresCase ? 'isu' : 'su')
}

function escaped(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character
}
