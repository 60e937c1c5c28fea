/** How words are made to stand out. Whoever prints decides: a terminal with colours, or a plain stream. */
export interface Style {
  readonly broken: (text: string) => string
  readonly holds: (text: string) => string
  readonly unknown: (text: string) => string
  readonly strong: (text: string) => string
  readonly faint: (text: string) => string
}

const asItIs = (text: string): string => text

/** No colours at all: the default. */
export const plainStyle: Style = { broken: asItIs, holds: asItIs, unknown: asItIs, strong: asItIs, faint: asItIs }

/** The text without characters that command a terminal; names and messages of users may hold any. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
}
