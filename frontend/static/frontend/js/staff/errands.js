// Runs errands by key: one at a time for a key, a few at once, and an errand that is asked for while
// it runs is run once more afterwards. 200 bells for one report are two fetches. Pure, no DOM.

export class Errands {
  #run
  #most
  #queue = new Set()
  #running = new Set()
  #idle = []

  constructor(run, { most = 4 } = {}) {
    this.#run = run
    this.#most = most
  }

  ask(key) {
    this.#queue.add(key)
    this.#next()
  }

  /** Resolves when nothing is left to do. */
  rest() {
    if (!this.#queue.size && !this.#running.size) return Promise.resolve()
    return new Promise((done) => this.#idle.push(done))
  }

  #next() {
    for (const key of this.#queue) {
      if (this.#running.size >= this.#most) return
      if (this.#running.has(key)) continue
      this.#queue.delete(key)
      this.#running.add(key)
      Promise.resolve(this.#run(key)).catch(() => {}).finally(() => {
        this.#running.delete(key)
        this.#next()
        if (!this.#queue.size && !this.#running.size) this.#idle.splice(0).forEach((done) => done())
      })
    }
  }
}
