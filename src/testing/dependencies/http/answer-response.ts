import { isUnchanged } from './unchanged-text.ts'

/** Answers of these have no body. */
const withoutBody: ReadonlySet<number> = new Set([101, 204, 205, 304])

/** The answer to a call, as code of a user gets it. */
export function answerResponse(text: string, init: ResponseInit & { readonly status: number }): Response {
  if (text === '' || withoutBody.has(init.status) || !isUnchanged(text))
    return new Response(text === '' ? null : text, init)
  return new AnswerResponse(text, init)
}

/**
 * A `Response` whose body is a stream only for who asks for one: making it takes longer than the rest of the answer, and most code asks for the status,
 * the text or the JSON. The properties of `Response` are declared as no class may override them, so they are defined below.
 */
class AnswerResponse extends Response {
  readonly #text: string
  #isUsed = false
  #whole: Response | undefined

  constructor(text: string, init: ResponseInit) {
    super(null, init)
    this.#text = text
  }

  get #used(): boolean {
    return this.#whole?.bodyUsed ?? this.#isUsed
  }

  async #read(): Promise<string> {
    if (this.#whole !== undefined || this.#isUsed) return await this.#streamed.text()
    this.#isUsed = true
    return this.#text
  }

  /** The same with its stream, which has been read if the text has. */
  get #streamed(): Response {
    if (this.#whole !== undefined) return this.#whole
    const { status, statusText, headers } = this
    this.#whole = new Response(this.#text, { status, statusText, headers })
    if (this.#isUsed) void this.#whole.text()
    return this.#whole
  }

  static {
    const getters: Readonly<Record<string, (this: AnswerResponse) => unknown>> = {
      body() {
        return this.#streamed.body
      },
      bodyUsed() {
        return this.#used
      },
    }
    const methods: Readonly<Record<string, (this: AnswerResponse) => unknown>> = {
      text() {
        return this.#read()
      },
      async json() {
        const value: unknown = JSON.parse(await this.#read())
        return value
      },
      arrayBuffer() {
        return this.#streamed.arrayBuffer()
      },
      blob() {
        return this.#streamed.blob()
      },
      formData() {
        return this.#streamed.formData()
      },
      clone() {
        return this.#streamed.clone()
      },
    }
    for (const [name, get] of Object.entries(getters)) Object.defineProperty(this.prototype, name, { get })
    for (const [name, value] of Object.entries(methods)) Object.defineProperty(this.prototype, name, { value })
  }
}
