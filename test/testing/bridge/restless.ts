import { runSmall, scenarioOf } from './small-consumer.ts'

/** The fingerprint of a run whose handler asks for all that is virtual, and logs it; also, unless told otherwise, for something that a thread of the host does. */
export async function restless(seed: string, asksHost = true): Promise<string> {
  const { run } = await runSmall(scenarioOf(10, { seed }), () => async ({ id }, { inside, effect, sleep }) => {
    inside.log(id, Date.now(), Math.random(), crypto.randomUUID(), performance.now())
    await Promise.all([sleep(Math.floor(Math.random() * 5)), effect(), new Promise((resolve) => setImmediate(resolve))])
    if (asksHost) await crypto.subtle.digest('SHA-256', Buffer.from(id))
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 10))
    inside.log(id, process.hrtime())
  })
  return run.fingerprint
}
