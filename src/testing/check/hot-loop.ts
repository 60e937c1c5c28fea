import { delivered } from '../../history/facts.ts'
import { momentText } from '../../report/quantities.ts'
import type { Micros } from '../../simulation/duration.ts'
import { second } from '../../simulation/duration.ts'
import type { World } from '../../simulation/world.ts'

/** Deliveries of messages that came so often before count, so many of them in so little time. */
const oftenBefore = 10
const most = 1000
const shortest: Micros = 2 * second

/**
 * Code that hands a message back at once, while what it needs is away, gets it again at once: hundreds of times a second, as long as that lasts. A run
 * in which it does so is ended, since it would show nothing else for a long time, and is not judged.
 */
export class HotLoop {
  readonly #service: string
  readonly #times: Micros[] = []
  #remark: string | undefined

  constructor(service: string) {
    this.#service = service
  }

  watch(world: World): void {
    const { history, engine, schedule } = world
    const service = history.names.intern(this.#service)
    world.listen(delivered.name, ({ service: to, attempt, message }) => {
      if (to !== service || !schedule.unfinished || Number(attempt) < oftenBefore) return
      this.#times.push(engine.now)
      const since = this.#times.at(-most)
      if (since === undefined || engine.now - since > shortest || this.#remark !== undefined) return
      this.#remark = remarkOf(history.names.text(Number(message)), Number(attempt), engine.now)
      world.afterEvent(() => world.end('stuck', 'messages that are handed back at once'))
    })
  }

  /** What is to be told of the run, where it was ended. */
  get remark(): string | undefined {
    return this.#remark
  }
}

function remarkOf(message: string, attempt: number, at: Micros): string {
  return (
    `What the code cannot handle it hands back at once, and gets it again at once (${message} ${attempt} times by ${momentText(at)}, ` +
    'while a fault was going on). Such runs are ended and not judged. Let it rest first, or send it to where dead letters go.'
  )
}
