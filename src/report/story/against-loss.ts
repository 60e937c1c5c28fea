import { effectSkipped, handlingFailed } from '../../history/facts.ts'
import type { Advice } from './advice.ts'
import type { MessageTrail } from './message-trail.ts'

/** What keeps a message that was lost, by what became of it: what says most comes first. */
export function againstLoss(service: string, seen: MessageTrail): Advice {
  const told = byItsEnd(seen) ?? byItsHandling(seen)
  if (told !== undefined) return keeping(told)
  if (seen.wentToOthers(service))
    return keeping('Services that read from one queue share what is in it; with a queue each, each of them gets all')
  if (seen.answeredWith('assumed'))
    return keeping('Whoever asks for no confirmation hears of no loss: let the producer wait for it')
  const claim = seen.claim('no-loss', service)
  if (claim !== undefined) return { ...keeping(claim.statement.replace(/\.$/, '')), page: claim.page }
  return keeping('What is acknowledged when its effect is there is not lost with who had it in hand')
}

export function keeping(statement: string): Advice {
  return { statement, document: 'docs/guarantees.md', page: '' }
}

/** By the end of its copy. */
function byItsEnd(seen: MessageTrail): string | undefined {
  if (seen.endOf('dead-lettered') !== undefined)
    return 'It is set aside and not gone: mend what refused it, or give it more time, and put it back'
  if (seen.endOf('expired') !== undefined)
    return 'A longer time to live, or more consumers, let it be read before it is given up'
  const dropped = seen.endOf('dropped')
  if (dropped !== undefined) return againstDropping(dropped)
  const lost = seen.endOf('lost')
  if (lost === undefined) return undefined
  return lost.includes('truncated')
    ? 'What is on several disks before it is confirmed outlives one of them'
    : 'What is on a disk before it is confirmed outlives the process and the host that had it'
}

function againstDropping(reason: string): string {
  if (/dead.letter|attempts/.test(reason)) return 'A queue for dead letters that has room for it keeps what is given up'
  if (reason.includes('no queue')) return 'A queue that is there before the first message keeps it, read or not'
  if (reason.includes('whoever asked')) return 'A queue for replies waits for whoever asked; or he asks again'
  return 'A queue that refuses what it has no room for, and a producer that is told, keep it'
}

/** By what was done with it by whoever was handed it. */
function byItsHandling(seen: MessageTrail): string | undefined {
  if (seen.has(effectSkipped.name)) {
    if (seen.skipped.includes('waits for this reply'))
      return 'Whoever asks gets each reply if he waits for it before he sends the question'
    if (seen.skipped.includes('type'))
      return 'What nobody here understands is kept where it is set aside, and not where it is acknowledged'
    if (seen.skipped.startsWith('taken for'))
      return 'A reply reaches its question if somebody looks at its correlation id'
    return 'What was noted as done was not done: a strategy that notes it together with the effect, such as inbox, keeps it'
  }
  return seen.has(handlingFailed.name)
    ? 'No option gives an effect to what fails each time: mend what handles it, and set it aside meanwhile'
    : undefined
}
