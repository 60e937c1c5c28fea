import type { SettingProblem, Use } from '../../system.ts'
import type { ConsumerValues, ProducerValues } from '../client/client-settings.ts'
import { consumerValues, producerValues } from '../client/client-settings.ts'
import { fieldPairsFault } from './field-pairs.ts'

const recoveryOptions = ['topologyRecoveryEnabled', 'networkRecoveryInterval']
const javaOptions = ['handshakeTimeout', 'automaticRecoveryEnabled', ...recoveryOptions]

/** Options of a client that exclude each other, or would do nothing. */
export function useContradictions(use: Use): readonly SettingProblem[] {
  const { role, settings } = use
  const isSet = (option: string): boolean => settings.explicit.includes(option)
  const own =
    role === 'producer'
      ? producerRules(producerValues(settings), isSet)
      : consumerRules(consumerValues(settings), isSet)
  const common = connectionRules(role === 'producer' ? producerValues(settings) : consumerValues(settings), isSet)
  return [...own, ...common].flatMap(({ option, wrong, message }) => (wrong ? [{ use, path: [option], message }] : []))
}

interface Rule {
  readonly option: string
  readonly wrong: boolean
  readonly message: string
}

type IsSet = (option: string) => boolean

function producerRules(values: ProducerValues, isSet: IsSet): readonly Rule[] {
  const { confirms, tx, mandatory, headers } = values
  const waits = confirms || tx
  const fault = fieldPairsFault(headers)
  return [
    { option: 'tx', wrong: tx && confirms, message: 'a channel is in confirm mode or transactional, not both' },
    {
      option: 'outstanding-confirms',
      wrong: isSet('outstanding-confirms') && !confirms,
      message: tx ? 'a transaction is committed before the next one' : 'nothing is outstanding without confirms',
    },
    {
      option: 'reads-confirms',
      wrong: isSet('reads-confirms') && !confirms,
      message: 'there is none to read without confirms',
    },
    {
      option: 'confirm-timeout',
      wrong: isSet('confirm-timeout') && !waits,
      message: 'nobody waits for a confirm without confirms',
    },
    {
      option: 'republish',
      wrong: values.republish > 0 && !waits,
      message: 'without confirms nobody knows what to publish again',
    },
    {
      option: 'republish-after',
      wrong: values.republish === 0 && isSet('republish-after'),
      message: 'nothing is published again without republish',
    },
    {
      option: 'mandatory',
      wrong: mandatory && !waits,
      message: 'a message comes back when its send is over already: whoever wants to know needs confirms',
    },
    { option: 'headers', wrong: fault !== undefined, message: fault ?? '' },
    {
      option: 'expiration',
      wrong: (values.expiration ?? 0) % 1000 !== 0,
      message: 'it is counted in whole milliseconds',
    },
  ]
}

function consumerRules(values: ConsumerValues, isSet: IsSet): readonly Rule[] {
  const { mode, noAck, prefetch } = values
  const isGet = mode === 'get'
  const ofPush = ['shovel-to', 'prefetch', 'prefetch-global', 'x-priority', 'exclusive', 'consumer_cancel_notify']
  return [
    ...ofPush.map((option) => ({
      option,
      wrong: isGet && isSet(option),
      message: '`basic.get` knows nothing of it: that is for `mode: consume`',
    })),
    {
      option: 'get-interval',
      wrong: !isGet && isSet('get-interval'),
      message: 'who is pushed to does not ask: that is for `mode: get`',
    },
    {
      option: 'prefetch',
      wrong: noAck && !isGet && prefetch > 0,
      message: 'it limits what is unacknowledged, which is nothing with automatic acknowledgement',
    },
    {
      option: 'ack-every',
      wrong: noAck && isSet('ack-every'),
      message: 'nothing is acknowledged with automatic acknowledgement',
    },
    {
      option: values['park-after'] === null ? 'park-to' : 'park-after',
      wrong: (values['park-after'] === null) !== (values['park-to'] === null),
      message: 'park-after says when and park-to where: one needs the other',
    },
    {
      option: 'retry-count',
      wrong: isSet('retry-count') && values['park-after'] === null,
      message: 'nothing is counted without park-after',
    },
    {
      option: 'retry-count',
      wrong: values['retry-count'] === 'x-retry' && values['retry-to'] === null,
      message: 'a message that is rejected keeps its headers: only one that is published to retry-to is counted so',
    },
    {
      option: 'retry-to',
      wrong: noAck && (values['retry-to'] ?? values['park-to'] ?? values['shovel-to']) !== null,
      message: 'nothing is left to give up with automatic acknowledgement',
    },
    {
      option: 'prefetch-global',
      wrong: !isGet && values['prefetch-global'] && prefetch === 0,
      message: 'there is no limit to share without a prefetch',
    },
  ]
}

function connectionRules(values: ProducerValues | ConsumerValues, isSet: IsSet): readonly Rule[] {
  const { client, automaticRecoveryEnabled } = values
  return [
    ...javaOptions.map((option) => ({
      option,
      wrong: client !== 'java' && isSet(option),
      message: 'only the Java client has it',
    })),
    ...recoveryOptions.map((option) => ({
      option,
      wrong: client === 'java' && !automaticRecoveryEnabled && isSet(option),
      message: 'nothing is restored without automaticRecoveryEnabled',
    })),
    {
      option: 'reopen-after',
      wrong: values['on-closed'] === 'nothing' && isSet('reopen-after') && client !== 'java',
      message: 'the application opens nothing again',
    },
  ]
}
