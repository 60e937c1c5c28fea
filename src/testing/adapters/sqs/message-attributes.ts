import { createHash } from 'node:crypto'

/** An attribute that the sender gave a message. Headers of a fixture are texts. */
export interface MessageAttribute {
  readonly DataType: 'String'
  readonly StringValue: string
}

/** The attributes that were asked for: by name, by the beginning of a name with `.*` behind it, or `All`. */
export function attributesOf(
  headers: Readonly<Record<string, string>>,
  asked: readonly string[],
): Record<string, MessageAttribute> {
  const isAsked = (name: string): boolean =>
    asked.some((each) => {
      if (each === 'All' || each === '.*') return true
      return each.endsWith('.*') ? name.startsWith(each.slice(0, -1)) : name === each
    })
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => isAsked(name))
      .map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  )
}

/**
 * MD5 over the attributes in the order of their names: name, type and value of each, with their lengths
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation).
 */
export function digestOf(attributes: Readonly<Record<string, MessageAttribute>>): string {
  const hash = createHash('md5')
  for (const [name, { DataType, StringValue }] of inOrder(attributes)) {
    hash.update(withLength(name)).update(withLength(DataType))
    hash.update(Buffer.from([textValue])).update(withLength(StringValue))
  }
  return hash.digest('hex')
}

/** How the digest marks a value that is a text. */
const textValue = 1

function inOrder(
  attributes: Readonly<Record<string, MessageAttribute>>,
): readonly (readonly [string, MessageAttribute])[] {
  return Object.entries(attributes).sort(([one], [other]) => (one < other ? -1 : 1))
}

function withLength(text: string): Buffer {
  const bytes = Buffer.from(text)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
